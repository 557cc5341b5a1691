using Microsoft.EntityFrameworkCore;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>Who works which territory. The pair is the record: nothing of it can change, and it is there or not.</summary>
internal sealed class PersonTerritoryImport : IImportTarget
{
    private const int Person = 0, Territory = 1;

    public string Kind => "person-territory";
    public string Permission => Permissions.ManageAccess;
    public IReadOnlyList<string> LookupFields => [];
    public IReadOnlyList<string> UniqueFields => [];
    public IReadOnlyList<string> KeyFields => ["person", "territory"];
    public IReadOnlyList<ImportField> Fields { get; } = [ImportField.Reference("person", "person", required: true), ImportField.Reference("territory", "territory", required: true)];
    public Func<PortalDbContext, long[], CancellationToken, Task<int>>? Remove => null;

    public string Normalize(string field, string value) => value;

    public Task<IReadOnlyList<(string Value, long Id)>> FindAsync(PortalDbContext db, string field, string[] values, CancellationToken ct) =>
        throw new ArgumentOutOfRangeException(nameof(field), field, "No such look-up.");

    /// <summary>No other record points at a pair.</summary>
    public Task<IReadOnlySet<long>> SeenAsync(PortalDbContext db, long[] ids, CancellationToken ct) => Task.FromResult<IReadOnlySet<long>>(new HashSet<long>());

    public async Task ApplyAsync(ImportBatch batch, CancellationToken ct)
    {
        var people = batch.Items.Select(i => (long)i[Person]!).Distinct().ToArray();
        var there = (await batch.Db.Set<PersonTerritory>().Where(t => EF.Parameter(people).Contains(t.PersonId)).Select(t => new { t.PersonId, t.TerritoryId }).ToListAsync(ct)).Select(t => (t.PersonId, t.TerritoryId)).ToHashSet();
        foreach (var item in batch.Items)
        {
            var pair = ((long)item[Person]!, (long)item[Territory]!);
            if (!there.Add(pair)) { item.Done(ImportOutcome.Unchanged); continue; }
            batch.Db.AddInBulk(new PersonTerritory { PersonId = pair.Item1, TerritoryId = pair.Item2 });
            item.Done(item.IsNew ? ImportOutcome.Created : ImportOutcome.Updated);
        }
    }
}
