using System.Globalization;
using System.Text.Json;
using Portal.Domain.Common;
using Portal.Domain.Exchange;
using Portal.Web.Access;
using Portal.Web.Jobs;

namespace Portal.Web.Exchange;

/// <summary>What a person uploaded to be imported: files in a folder of their own under generated names' order, and how they are to be read.</summary>
/// <param name="Profile">A shipped profile, or null where the person maps the columns.</param>
/// <param name="Kind">The kind of record of a mapped delivery.</param>
/// <param name="Columns">The columns that the person chose.</param>
/// <param name="Mapping">The profile that they make, as JSON; null while something is left to be said.</param>
/// <param name="Unknown">Words in those columns that stand for nothing here.</param>
public sealed record ImportDelivery(long Id, long PersonId, string? Profile, string? Kind, IReadOnlyList<string> Files, ColumnMapping? Columns = null, string? Mapping = null, IReadOnlyList<UnknownWords>? Unknown = null)
{
    /// <summary>The one file of a mapped delivery, as its profile names it.</summary>
    public const string MappedFile = "upload";
}

/// <summary>Keeps uploads on disk until they are removed with age. Only who uploaded finds them again.</summary>
public sealed class ImportDeliveries(DataFolder data, IdSource ids, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private const string About = "about.json";
    private readonly string _root = data.Folder("imports");
    private readonly string _columns = data.Folder("import-columns");

    public async Task<ImportDelivery> KeepAsync(long personId, string? profile, string? kind, IReadOnlyList<IFormFile> files, CancellationToken ct)
    {
        RemoveOld();
        var id = ids.Next();
        var folder = Directory.CreateDirectory(Path.Combine(FolderOf(id), "files")).FullName;
        var names = new List<string>();
        foreach (var file in files)
        {
            var name = SafeName(file.FileName, names);
            await using var target = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await file.CopyToAsync(target, ct);
            names.Add(name);
        }
        var delivery = new ImportDelivery(id, personId, profile, kind, names);
        await SaveAsync(delivery, ct);
        return delivery;
    }

    public Task SaveAsync(ImportDelivery delivery, CancellationToken ct) =>
        File.WriteAllTextAsync(Path.Combine(FolderOf(delivery.Id), About), JsonSerializer.Serialize(delivery, JobQueue.JsonForm), ct);

    /// <summary>Keeps the columns for the person's next file of the kind.</summary>
    public Task RememberAsync(long personId, string kind, ColumnMapping columns, CancellationToken ct) => File.WriteAllTextAsync(ColumnsOf(personId, kind), JsonSerializer.Serialize(columns, JobQueue.JsonForm), ct);

    /// <returns>The columns that the person chose for the last file of the kind; null if there was none.</returns>
    public async Task<ColumnMapping?> RecallAsync(long personId, string kind, CancellationToken ct)
    {
        var file = ColumnsOf(personId, kind);
        return File.Exists(file) ? JsonSerializer.Deserialize<ColumnMapping>(await File.ReadAllTextAsync(file, ct), JobQueue.JsonForm) : null;
    }

    /// <returns>Null for an unknown delivery and for somebody else's.</returns>
    public async Task<ImportDelivery?> FindAsync(long id, long personId, CancellationToken ct)
    {
        var about = Path.Combine(FolderOf(id), About);
        if (!File.Exists(about)) { return null; }
        var delivery = JsonSerializer.Deserialize<ImportDelivery>(await File.ReadAllTextAsync(about, ct), JobQueue.JsonForm);
        return delivery?.PersonId == personId ? delivery : null;
    }

    public Result<ImportFolder> Open(ImportDelivery delivery, ImportProfile profile)
    {
        var folder = Path.Combine(FolderOf(delivery.Id), "files");
        return ImportFolder.At(delivery.Files.Count == 1 ? Path.Combine(folder, delivery.Files[0]) : folder, profile);
    }

    /// <param name="kind">A kind of record that is known, never a reader's word.</param>
    private string ColumnsOf(long personId, string kind) => Path.Combine(_columns, $"{personId.ToString(CultureInfo.InvariantCulture)}-{kind}.json");

    private string FolderOf(long id) => Path.Combine(_root, id.ToString(CultureInfo.InvariantCulture));

    /// <summary>The last part of the name without what a file system could misread; never empty, never twice.</summary>
    private static string SafeName(string given, List<string> taken)
    {
        var last = given.Replace('\\', '/').Split('/')[^1];
        var safe = new string([.. last.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_' or '.' or '(' or ')')]).Trim(' ', '.');
        if (safe.Length > 120) { safe = safe[^120..]; }
        if (safe.Length == 0) { safe = "file"; }
        var name = safe;
        for (var n = 2; taken.Contains(name, StringComparer.OrdinalIgnoreCase); n++) { name = $"{n} {safe}"; }
        return name;
    }

    private void RemoveOld()
    {
        var before = clock.GetUtcNow().UtcDateTime - Kept;
        foreach (var folder in new DirectoryInfo(_root).EnumerateDirectories().Where(d => d.LastWriteTimeUtc < before)) { folder.Delete(recursive: true); }
    }
}
