using System.Diagnostics;

namespace Portal.Bench;

/// <summary>The portal's command line on a data folder of its own.</summary>
internal static class PortalCommand
{
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It did not end with 0.</exception>
    public static Task<string> RunAsync(string house, Uri address, CancellationToken ct, params string[] command) => RunAsync(house, address, null, command, ct);

    /// <summary>An administrator who logs in with the password.</summary>
    public static Task AddPersonAsync(string house, Uri address, string email, string password, CancellationToken ct) =>
        RunAsync(house, address, password, ["user", "add", email, "--function", "administrator", "--password-stdin"], ct);

    private static async Task<string> RunAsync(string house, Uri address, string? input, string[] command, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "Portal.Web.dll") }.Concat(command).Concat(["--urls", address.GetLeftPart(UriPartial.Authority), "--Portal:DataFolder", house])) { start.ArgumentList.Add(argument); }
        using var process = Process.Start(start)!;
        if (input is not null) { await process.StandardInput.WriteLineAsync(input.AsMemory(), ct); }
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', command)}: {output}");
    }
}
