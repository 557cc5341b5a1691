using System.IO.Enumeration;
using Portal.Domain.Common;
using Portal.Domain.Exchange;
using Portal.Web.Exchange.Readers;

namespace Portal.Web.Exchange;

/// <summary>The files of an import on disk: a folder, or one file; where the profile asks for one file only, that one whatever its name.</summary>
public sealed class ImportFolder : IImportFiles
{
    private readonly string _root;
    private readonly List<string> _files;
    private readonly bool _anyName;
    private readonly ReadLimits _limits;

    private ImportFolder(string root, List<string> files, bool anyName, ReadLimits limits) => (_root, _files, _anyName, _limits) = (root, files, anyName, limits);

    /// <summary>Files in sub-folders count, links are not followed.</summary>
    public static Result<ImportFolder> At(string path, ImportProfile profile, ReadLimits? limits = null)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full)) { return new ImportFolder(Path.GetDirectoryName(full)!, [Path.GetFileName(full)], profile.Files.Count == 1, limits ?? ReadLimits.Default); }
        if (!Directory.Exists(full)) { return ImportRefusals.FileMissing(path); }
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden, MaxRecursionDepth = 8 };
        var files = Directory.EnumerateFiles(full, "*", options)
            .Select(f => Path.GetRelativePath(full, f).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal)
            .ToList();
        return new ImportFolder(full, files, false, limits ?? ReadLimits.Default);
    }

    public IReadOnlyList<string> Match(string pattern)
    {
        if (_anyName) { return _files; }
        return _files.Where(f => FileSystemName.MatchesSimpleExpression(pattern, f, ignoreCase: true)).ToList();
    }

    public Result<RowSet> Open(string file, SourceFormat format)
    {
        if (!_files.Contains(file)) { return ImportRefusals.FileMissing(file); }
        FileStream stream;
        try { stream = new FileStream(Path.Combine(_root, file), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan); }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException) { return ImportRefusals.FileUnreadable(file); }
        return Rows.Open(stream, format, _limits);
    }
}
