using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>
/// Takes back the asker's last bulk change of opportunities: exactly what is still as the change left it. What somebody changed since stays and is named.
/// A stage goes back as a move of its own, with the reason and probability that stood before: the history says what happened.
/// </summary>
public sealed class UndoLastBulkChange(PortalDbContext db)
{
    /// <param name="ChangedSince">Left as they are.</param>
    /// <param name="OutOfSight">Left as they are, and no longer the asker's to change.</param>
    public sealed record Outcome(BulkField Field, int TakenBack, IReadOnlyList<Kept> ChangedSince, int OutOfSight);

    public sealed record Kept(long Id, string Number, string Title);

    /// <returns>What was taken back, or <see cref="SalesRefusals.NothingToUndo"/>.</returns>
    public async Task<Result<Outcome>> ExecuteAsync(CancellationToken ct)
    {
        if (await db.TakeLastBulkChangeAsync<Opportunity, BulkField, ChangeOpportunities.Item>(Current, ct) is not { } last) { return SalesRefusals.NothingToUndo; }
        await TakeBackAsync(last.Records, last.Still, last.Field, ct);
        await db.SaveChangesAsync(ct);
        var since = last.Items.Except(last.Still).Select(i => last.Records.GetValueOrDefault(i.Id)).OfType<Opportunity>().Select(o => new Kept(o.Id, o.Number, o.Title)).ToList();
        return new Outcome(last.Field, last.Still.Count, since, last.Items.Count - last.Records.Count);
    }

    private async Task TakeBackAsync(IReadOnlyDictionary<long, Opportunity> opportunities, IReadOnlyList<ChangeOpportunities.Item> items, BulkField field, CancellationToken ct)
    {
        long[] old = [.. items.Where(i => i.Old is not null).Select(i => i.Old!.Value).Distinct()];
        var names = field is BulkField.Owner ? await db.People.Where(p => old.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, ct) : [];
        var stages = field is BulkField.Stage ? await db.Stages.Where(s => old.Contains(s.Id)).ToDictionaryAsync(s => s.Id, ct) : [];
        foreach (var item in items)
        {
            var opportunity = opportunities[item.Id];
            switch (field)
            {
                case BulkField.Owner:
                    (opportunity.OwnerId, opportunity.OwnerName) = (item.Old, item.Old is { } owner ? names[owner] : "");
                    break;
                case BulkField.Territory:
                    opportunity.TerritoryId = item.Old;
                    break;
                case BulkField.Stage:
                    opportunity.Enter(stages[item.Old!.Value], item.Reason, db.Now, db.Scope.PersonId, db.Ids.Next());
                    opportunity.Probability = item.Probability;
                    break;
                default:
                    throw new InvalidOperationException($"{field} is no bulk field.");
            }
        }
    }

    private static long? Current(Opportunity opportunity, BulkField field) => field switch
    {
        BulkField.Owner => opportunity.OwnerId,
        BulkField.Territory => opportunity.TerritoryId,
        BulkField.Stage => opportunity.StageId,
        _ => throw new InvalidOperationException($"{field} is no bulk field."),
    };
}
