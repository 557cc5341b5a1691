using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Portal.Bench;

/// <summary>The portal as an administrator installs it: published for this platform (README, "Install").</summary>
internal static class PublishedPortal
{
    private static string? s_program;

    /// <summary>Portal.Web.dll, once <see cref="PublishAsync"/> is done.</summary>
    public static string Program => s_program ?? throw new InvalidOperationException("The portal is not published yet.");

    public static async Task PublishAsync(string folder, CancellationToken ct)
    {
        var target = Path.Combine(folder, "portal");
        var start = new ProcessStartInfo("dotnet");
        foreach (var argument in new[] { "publish", Path.Combine(Root(AppContext.BaseDirectory), "Portal.Web"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", target, "-v", "q", "--nologo" }) { start.ArgumentList.Add(argument); }
        using var publish = Process.Start(start)!;
        await publish.WaitForExitAsync(ct);
        if (publish.ExitCode != 0) { throw new InvalidOperationException("The portal cannot be published."); }
        s_program = Path.Combine(target, "Portal.Web.dll");
    }

    private static string Root(string folder) => File.Exists(Path.Combine(folder, "Portal.sln")) ? folder
        : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No Portal.sln above this program."));
}
