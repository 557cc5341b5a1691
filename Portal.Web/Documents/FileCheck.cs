using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Operations;
using Portal.Domain.Persistence;

namespace Portal.Web.Documents;

/// <summary>Whether every version of a document has its content, of the size and with the hash that were written down when it came.</summary>
public static class FileCheck
{
    /// <summary>Versions that are named one by one; of more, the number is told.</summary>
    private const int MostNamed = 20;

    private const int PageSize = 500;

    /// <param name="db">Of a system scope.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(PortalDbContext db, FileStore store, CancellationToken ct)
    {
        var findings = new List<Finding>();
        // The same content lies there once, however many versions have it, and is read once.
        var read = new Dictionary<string, (long Size, bool IsWhole)?>();
        var found = 0;
        for (long after = 0; ;)
        {
            var page = await db.DocumentVersions.AsNoTracking().Where(v => v.Id > after).OrderBy(v => v.Id).Take(PageSize).ToListAsync(ct);
            foreach (var version in page)
            {
                if (!read.TryGetValue(version.Sha256, out var content)) { read[version.Sha256] = content = await ReadAsync(store, version.Sha256, ct); }
                Finding? finding = content switch
                {
                    null => new("document.content-missing", $"version {version.Number} of document {version.DocumentId} ({version.FileName}) has no content in the store of files"),
                    { IsWhole: false } => new("document.content-changed", $"the content of version {version.Number} of document {version.DocumentId} ({version.FileName}) is not what was stored"),
                    { Size: var size } when size != version.Size => new("document.size-wrong", $"version {version.Number} of document {version.DocumentId} ({version.FileName}) has {size} bytes and not {version.Size}"),
                    _ => null,
                };
                if (finding is not null && ++found <= MostNamed) { findings.Add(finding); }
            }
            if (page.Count < PageSize) { break; }
            after = page[^1].Id;
        }
        if (found > MostNamed) { findings.Add(new("document.content-more", $"{found - MostNamed} more versions of documents have no content or another")); }
        return findings;
    }

    /// <returns>Null where the store has nothing by that name.</returns>
    private static async Task<(long Size, bool IsWhole)?> ReadAsync(FileStore store, string sha256, CancellationToken ct)
    {
        try
        {
            await using var content = store.Open(sha256);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
            return (content.Length, hash == sha256);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            return null;
        }
    }
}
