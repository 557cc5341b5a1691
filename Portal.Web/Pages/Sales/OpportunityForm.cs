using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Web.Pages.Sales;

/// <summary>The form as both pages, create and edit, show it: the input, the names of what it points at, the stages where one is chosen.</summary>
public sealed record OpportunityForm(OpportunityInput Input, IReadOnlyDictionary<long, string> Names, IReadOnlyList<SelectListItem> Stages, bool IsNew)
{
    public string NameOf(long? id) => id is { } known ? Names.GetValueOrDefault(known, "") : "";

    public static async Task<OpportunityForm> ForAsync(PortalDbContext db, Pipeline pipeline, OpportunityInput input, bool isNew, CancellationToken ct) =>
        new(input, await NamesAsync(db, input, ct), isNew ? await pipeline.ChoicesAsync(ct) : [], isNew);

    /// <summary>Ids are unique across kinds, so one dictionary serves every field.</summary>
    private static async Task<Dictionary<long, string>> NamesAsync(PortalDbContext db, OpportunityInput input, CancellationToken ct)
    {
        long[] companies = Given(input.CustomerId, input.PartnerId, input.CompetitorId), products = Given([.. input.Lines.Select(l => l.ProductId)]);
        long[] contacts = Given([.. input.Contacts.Select(c => c.ContactId)]), people = Given(input.OwnerId), territories = Given(input.TerritoryId);
        Dictionary<long, string> names = [];
        if (companies.Length > 0) { await foreach (var c in db.Companies.Where(c => companies.Contains(c.Id)).Select(c => new { c.Id, c.Name }).AsAsyncEnumerable().WithCancellation(ct)) { names[c.Id] = c.Name; } }
        if (products.Length > 0) { await foreach (var p in db.Products.Where(p => products.Contains(p.Id)).Select(p => new { p.Id, p.Name }).AsAsyncEnumerable().WithCancellation(ct)) { names[p.Id] = p.Name; } }
        if (contacts.Length > 0) { await foreach (var c in db.Contacts.Where(c => contacts.Contains(c.Id)).Select(c => new { c.Id, c.FirstName, c.LastName }).AsAsyncEnumerable().WithCancellation(ct)) { names[c.Id] = Domain.Companies.PersonName.Full(c.FirstName, c.LastName); } }
        if (people.Length + territories.Length > 0)
        {
            var both = db.People.Where(p => people.Contains(p.Id)).Select(p => new { p.Id, p.Name }).Concat(db.Territories.Where(t => territories.Contains(t.Id)).Select(t => new { t.Id, t.Name }));
            await foreach (var one in both.AsAsyncEnumerable().WithCancellation(ct)) { names[one.Id] = one.Name; }
        }
        return names;

        static long[] Given(params long?[] ids) => [.. ids.Where(i => i is not null).Select(i => i!.Value).Distinct()];
    }
}
