using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;

namespace Portal.Web.Pages.Documents;

public sealed record FolderNode(long Id, string Name, IReadOnlyList<FolderNode> Children);

/// <summary>The folders that the reader sees, in the reader's language. A folder whose parent is out of sight stands at the top.</summary>
public sealed class FolderTree
{
    internal FolderTree(IReadOnlyList<DocumentFolder> folders)
    {
        var chinese = CultureInfo.CurrentUICulture.Name.StartsWith("zh", StringComparison.Ordinal);
        var seen = folders.Select(f => f.Id).ToHashSet();
        var below = folders.ToLookup(f => f.ParentId is { } parent && seen.Contains(parent) ? parent : 0);
        Roots = Below(0);
        IReadOnlyList<FolderNode> Below(long parent) => [.. below[parent]
            .Select(f => new FolderNode(f.Id, chinese && f.NameZh.Length > 0 ? f.NameZh : f.Name, Below(f.Id)))
            .OrderBy(f => f.Name, StringComparer.CurrentCulture)];
    }

    public IReadOnlyList<FolderNode> Roots { get; }

    /// <summary>For a choice: indented, without the folder that cannot be its own parent.</summary>
    public IReadOnlyList<SelectListItem> Options(long? without = null)
    {
        var items = new List<SelectListItem>();
        Add(Roots, 0);
        return items;

        void Add(IReadOnlyList<FolderNode> folders, int depth)
        {
            foreach (var folder in folders.Where(f => f.Id != without))
            {
                items.Add(new(new string('\u2003', depth) + folder.Name, folder.Id.ToString(CultureInfo.InvariantCulture)));
                Add(folder.Children, depth + 1);
            }
        }
    }

    /// <summary>From the top down to the folder; empty where it is not seen.</summary>
    public IReadOnlyList<FolderNode> PathTo(long? id)
    {
        return Find(Roots) ?? [];

        List<FolderNode>? Find(IReadOnlyList<FolderNode> folders)
        {
            foreach (var folder in folders)
            {
                if (folder.Id == id) { return [folder]; }
                if (Find(folder.Children) is { } path) { return [folder, .. path]; }
            }
            return null;
        }
    }
}

public sealed class FolderTrees(PortalDbContext db)
{
    /// <summary>A library with more is not walked by eye any more.</summary>
    private const int Most = 500;

    public async Task<FolderTree> ReadAsync(CancellationToken ct) => new(await db.Folders.AsNoTracking().OrderBy(f => f.Name).ThenBy(f => f.Id).Take(Most).ToListAsync(ct));
}

/// <summary>The tree beside a list. Each folder leads to the list of what lies in it.</summary>
/// <param name="Current">The folder shown; null for all.</param>
public sealed record FoldersView(FolderTree Tree, string Path, long? Current, string? EditPath = null);
