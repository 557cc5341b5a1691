using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;

namespace Portal.Domain.Common;

/// <summary>A record in a tree of its kind.</summary>
internal sealed record TreeNode
{
    public required long Id { get; init; }
    /// <summary>The one above.</summary>
    public long? Above { get; init; }
    /// <summary>Where trees stand apart, such as the contacts of each company: the tree.</summary>
    public long? Tree { get; init; }
}

/// <summary>Who stands above whom: what is stored, and what is about to be. Keeps trees free of circles.</summary>
/// <param name="nodes">The stored records that the scope sees.</param>
internal sealed class Ancestry(Func<PortalDbContext, IQueryable<TreeNode>> nodes)
{
    /// <summary>A longer way up is a mistake.</summary>
    private const int Deepest = 50;
    private const int MostMade = 50_000;

    private readonly Dictionary<long, TreeNode> _stored = [];
    private readonly Dictionary<long, TreeNode> _made = [];

    /// <summary>Reads the records and, where asked for, the way up from each: a query a level, however many they are.</summary>
    public async Task LoadAsync(PortalDbContext db, IEnumerable<long> ids, bool wayUp, CancellationToken ct)
    {
        _stored.Clear();
        if (_made.Count > MostMade) { _made.Clear(); }
        var met = ids.ToHashSet();
        for (long[] level = [.. met], next; level.Length > 0; level = next)
        {
            var asked = level.Where(id => !_made.ContainsKey(id)).ToArray();
            foreach (var node in asked.Length == 0 ? [] : await nodes(db).Where(n => EF.Parameter(asked).Contains(n.Id)).ToListAsync(ct)) { _stored[node.Id] = node; }
            next = wayUp && met.Count <= MostMade ? [.. level.Select(id => Find(id)?.Above).OfType<long>().Where(met.Add)] : [];
        }
    }

    public TreeNode? Find(long id) => _made.GetValueOrDefault(id) ?? _stored.GetValueOrDefault(id);

    /// <summary>The record is about to stand so.</summary>
    public void Put(TreeNode node) => _made[node.Id] = node;

    /// <summary>Whether the record would stand below itself. A circle further up, which came in before this was asked, is none of its own.</summary>
    public bool IsCircle(long id, long? above)
    {
        var met = new HashSet<long>();
        for (; above is { } at && met.Add(at); above = Find(at)?.Above)
        {
            if (at == id || met.Count > Deepest) { return true; }
        }
        return false;
    }
}
