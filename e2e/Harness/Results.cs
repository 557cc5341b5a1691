namespace Portal.E2E.Harness;

/// <summary>Where a run leaves its screenshots and logs: TestResults in the working copy.</summary>
public static class Results
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Folder(string name) => Directory.CreateDirectory(Path.Combine(Root, "TestResults", name)).FullName;

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "Portal.sln"))
        ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside a working copy: no Portal.sln above them."));
}
