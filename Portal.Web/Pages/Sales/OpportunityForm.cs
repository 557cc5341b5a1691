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

    /// <summary>Ids are unique across kinds, so one question and one dictionary serve every field.</summary>
    private static async Task<Dictionary<long, string>> NamesAsync(PortalDbContext db, OpportunityInput input, CancellationToken ct)
    {
        long[] ids =
        [
            .. new[] { input.CustomerId, input.PartnerId, input.CompetitorId, input.OwnerId, input.TerritoryId }.Concat(input.Lines.Select(l => l.ProductId)).Concat(input.Contacts.Select(c => c.ContactId))
                .OfType<long>().Distinct(),
        ];
        if (ids.Length == 0) { return []; }
        var named = db.Companies.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, First = "", c.Name })
            .Concat(db.Products.Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, First = "", p.Name }))
            .Concat(db.People.Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, First = "", p.Name }))
            .Concat(db.Territories.Where(t => ids.Contains(t.Id)).Select(t => new { t.Id, First = "", t.Name }))
            .Concat(db.Contacts.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, First = c.FirstName, Name = c.LastName }));
        return await named.ToDictionaryAsync(n => n.Id, n => n.First.Length > 0 ? Domain.Companies.PersonName.Full(n.First, n.Name) : n.Name, ct);
    }
}
