using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Documents;

/// <summary>Creates, renames, moves and removes folders.</summary>
public sealed class SaveFolder(PortalDbContext db)
{
    /// <inheritdoc cref="SaveDocument.Request"/>
    /// <param name="NameZh">The name for readers of Chinese; empty where the one name serves all.</param>
    /// <param name="ParentId">Null for the top of the library.</param>
    public sealed record Request(long? Id, long? Version, string Name, string? NameZh = null, long? ParentId = null);

    /// <returns>The saved folder, or one of <see cref="DocumentRefusals"/>.</returns>
    public async Task<Result<DocumentFolder>> ExecuteAsync(Request request, CancellationToken ct)
    {
        if (Check(request) is { } refusal) { return refusal; }
        var name = request.Name.Trim();
        var folder = request.Id is { } id ? await db.Folders.AsTracking().FirstOrDefaultAsync(f => f.Id == id, ct) : null;
        if (request.Id is not null && folder is null) { return DocumentRefusals.FolderNotFound; }
        if (folder is not null && request.Version is { } read && read != folder.Version) { return DocumentRefusals.FolderChanged; }
        if (await CheckParentAsync(request, ct) is { } misplaced) { return misplaced; }
        // The index treats two empty parents as different, so the top of the library is asked about here.
        if (await db.Folders.AnyAsync(f => f.ParentId == request.ParentId && f.Name == name && f.Id != request.Id, ct)) { return DocumentRefusals.FolderNameTaken(name); }
        if (folder is null) { db.Add(folder = new DocumentFolder { Id = db.Ids.Next(), Name = name }); }
        (folder.Name, folder.NameZh, folder.ParentId) = (name, request.NameZh?.Trim() ?? "", request.ParentId);
        try
        {
            await db.SaveChangesAsync(ct);
            return folder;
        }
        catch (DbUpdateConcurrencyException)
        {
            return DocumentRefusals.FolderChanged;
        }
        catch (DbUpdateException e) when (db.Engine.IsUniqueViolation(e))
        {
            return DocumentRefusals.FolderNameTaken(name);
        }
    }

    /// <returns>Null once the folder is gone; refused while anything lies in it.</returns>
    public async Task<Refusal?> RemoveAsync(long id, CancellationToken ct)
    {
        if (await db.Folders.AsTracking().FirstOrDefaultAsync(f => f.Id == id, ct) is not { } folder) { return DocumentRefusals.FolderNotFound; }
        if (await db.Documents.AnyAsync(d => d.FolderId == id, ct) || await db.Folders.AnyAsync(f => f.ParentId == id, ct)) { return DocumentRefusals.FolderInUse; }
        db.Remove(folder);
        await db.SaveChangesAsync(ct);
        return null;
    }

    public static Refusal? Check(Request request) => request switch
    {
        _ when string.IsNullOrWhiteSpace(request.Name) => DocumentRefusals.FolderNameMissing,
        _ when request.Name.Trim().Length > DocumentFolder.NameLength => DocumentRefusals.TooLong(nameof(DocumentFolder.Name), DocumentFolder.NameLength),
        _ when request.NameZh?.Trim().Length > DocumentFolder.NameLength => DocumentRefusals.TooLong(nameof(DocumentFolder.NameZh), DocumentFolder.NameLength),
        _ => null,
    };

    private async Task<Refusal?> CheckParentAsync(Request request, CancellationToken ct)
    {
        if (request.ParentId is not { } parent) { return null; }
        var trees = new Ancestry(db => db.Folders.Select(f => new TreeNode { Id = f.Id, Above = f.ParentId }));
        await trees.LoadAsync(db, [parent], wayUp: true, ct);
        if (trees.Find(parent) is null) { return DocumentRefusals.ParentUnknown; }
        return request.Id is { } id && trees.IsCircle(id, parent) ? DocumentRefusals.ParentBelow : null;
    }
}
