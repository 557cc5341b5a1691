using Xunit;

namespace Portal.Web.Tests.Exchange;

/// <summary>
/// The folder of real input files that lies beside the repository, not in it: <c>PORTAL_DATA</c>, or <c>shared/data</c> in a folder above.
/// Where it is absent a test says so and counts as skipped; with <c>CI</c> set it fails.
/// </summary>
internal static class SharedData
{
    public static string Folder(string name)
    {
        var root = Root();
        var folder = root is null ? null : Path.Combine(root, name);
        if (folder is not null && Directory.Exists(folder)) { return folder; }
        const string Words = "The shared data folder is absent: set PORTAL_DATA to it, or put it at shared/data above the repository.";
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))) { Assert.Fail($"{Words} Missing: {name}"); }
        Assert.Skip($"{Words} Missing: {name}");
        return "";
    }

    public static string File(string folder, string name) => Path.Combine(Folder(folder), name);

    private static string? Root()
    {
        if (Environment.GetEnvironmentVariable("PORTAL_DATA") is { Length: > 0 } named) { return named; }
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data)) { return data; }
        }
        return null;
    }
}
