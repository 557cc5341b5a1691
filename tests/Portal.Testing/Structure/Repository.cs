namespace Portal.Testing.Structure;

/// <summary>The working copy that the running tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder of the solution file.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <param name="path">From the root, with forward slashes.</param>
    public static string File(string path) => Path.Combine(Root, path);

    /// <summary>Source files below the given folders, without what builds and package fetches leave behind.</summary>
    public static IEnumerable<string> Files(string pattern, params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(File(folder), pattern, SearchOption.AllDirectories))
        .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules"));

    private static string Find(string folder) => System.IO.File.Exists(Path.Combine(folder, "Portal.sln"))
        ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside a working copy: no Portal.sln above them."));
}
