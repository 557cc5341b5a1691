using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

public enum CompanyBulkField { Owner, Territory }

/// <summary>Sets owner or territory of many companies: all of the list or none of it. Its maker can take it back as long as nobody changed the company again.</summary>
public sealed class ChangeCompanies(PortalDbContext db)
{
    public const int Most = 1_000;

    /// <param name="Value">Id of the person or territory; null takes it away.</param>
    public sealed record Request(IReadOnlyCollection<long> Ids, CompanyBulkField Field, long? Value);

    /// <param name="Changed">Those that stood otherwise before.</param>
    public sealed record Outcome(int Changed);

    /// <param name="ChangedSince">Left as they are: somebody has changed them since, or they are no longer the asker's to change.</param>
    public sealed record Undone(int TakenBack, int ChangedSince);

    private sealed record Item(long Id, long? Old, long? New) : IBulkItem;

    /// <returns>What changed, or one of <see cref="CompanyRefusals"/> and nothing changed.</returns>
    public async Task<Result<Outcome>> ExecuteAsync(Request request, CancellationToken ct)
    {
        long[] ids = [.. request.Ids.Distinct()];
        if (ids.Length == 0) { return CompanyRefusals.BulkEmpty; }
        if (ids.Length > Most) { return CompanyRefusals.BulkTooMany(Most); }
        if (await CheckAsync(request.Field, request.Value, ct) is { } refusal) { return refusal; }
        var companies = await db.AllowedTo<Company>(GrantActions.Edit).Where(c => ids.Contains(c.Id)).OrderBy(c => c.Id).ToListAsync(ct);
        if (companies.Count != ids.Length) { return CompanyRefusals.BulkNotAllSeen; }
        List<Item> items = [];
        foreach (var company in companies.Where(c => Current(c, request.Field) != request.Value))
        {
            items.Add(new(company.Id, Current(company, request.Field), request.Value));
            Set(company, request.Field, request.Value);
        }
        if (items.Count == 0) { return new Outcome(0); }
        db.RememberBulkChange<Company, CompanyBulkField, Item>(request.Field, items);
        await db.SaveChangesAsync(ct);
        return new Outcome(items.Count);
    }

    /// <summary>Takes back the asker's last bulk change of companies, where the field still stands as the change left it.</summary>
    /// <returns>What was taken back, or <see cref="CompanyRefusals.NothingToUndo"/>.</returns>
    public async Task<Result<Undone>> UndoLastAsync(CancellationToken ct)
    {
        if (await db.TakeLastBulkChangeAsync<Company, CompanyBulkField, Item>(Current, ct) is not { } last) { return CompanyRefusals.NothingToUndo; }
        foreach (var item in last.Still) { Set(last.Records[item.Id], last.Field, item.Old); }
        await db.SaveChangesAsync(ct);
        return new Undone(last.Still.Count, last.Items.Count - last.Still.Count);
    }

    private async Task<Refusal?> CheckAsync(CompanyBulkField field, long? value, CancellationToken ct) => (field, value) switch
    {
        (CompanyBulkField.Owner, { } owner) when !await db.People.ActiveStaff().AnyAsync(p => p.Id == owner, ct) => CompanyRefusals.OwnerUnknown,
        (CompanyBulkField.Territory, { } territory) when !await db.Territories.AnyAsync(t => t.Id == territory, ct) => CompanyRefusals.TerritoryUnknown,
        _ => null,
    };

    private static long? Current(Company company, CompanyBulkField field) => field switch
    {
        CompanyBulkField.Owner => company.OwnerId,
        CompanyBulkField.Territory => company.TerritoryId,
        _ => throw new InvalidOperationException($"{field} is no bulk field."),
    };

    private static void Set(Company company, CompanyBulkField field, long? value)
    {
        if (field is CompanyBulkField.Owner) { company.OwnerId = value; }
        else { company.TerritoryId = value; }
    }
}
