using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Companies;

[Authorize(Policy = Permissions.ViewCompanies)]
public sealed class IndexModel(PortalDbContext db, ChangeCompanies change, IStringLocalizer<CompaniesText> text) : PageModel
{
    public static readonly ListDefinition<Company, Company> Definition = CompanyLists.Columns(ListDefinition.Of<Company, CompaniesText>("companies", "company"))
        .Search((PortalDbContext db, string words) => db.Companies.Matching(db, words))
        .Cases("role", (CompanyRole.Customer, c => c.IsCustomer), (CompanyRole.Supplier, c => c.IsSupplier), (CompanyRole.Distributor, c => c.IsDistributor),
            (CompanyRole.ChannelPartner, c => c.IsChannelPartner), (CompanyRole.Competitor, c => c.IsCompetitor))
        .Word("country", c => c.Country, Countries.All)
        .Word("industry", c => c.Industry)
        .LookUp("territory", c => c.TerritoryId, "territory")
        .LookUp("owner", c => c.OwnerId, "person")
        .LookUp("partner", c => c.PartnerId, "company")
        .Choice("status", c => c.Status)
        .Choice("tier", c => c.Tier)
        .Flag("mine", (c, me) => c.OwnerId == me, viewer => viewer.PersonId)
        .OrderBy("name")
        .Bulk(new BulkAction("company.bulk.owner", "BulkOwner", Permissions.EditCompanies, [new("BulkOwner", "company.bulk.new-owner", "person")]))
        .Bulk(new BulkAction("company.bulk.territory", "BulkTerritory", Permissions.EditCompanies, [new("BulkTerritory", "company.bulk.new-territory", "territory")]))
        .Undo("Undo")
        .WhenEmpty(new EmptyList("building", "company.list.empty", "company.create.title", "/companies/create", Permissions.EditCompanies));

    [BindProperty, LookUp("person")] public long? BulkOwner { get; set; }
    [BindProperty, LookUp("territory")] public long? BulkTerritory { get; set; }

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }

    public Task<IActionResult> OnPostBulkOwnerAsync(long[] ids, CancellationToken ct) => ChangeAsync(ids, CompanyBulkField.Owner, BulkOwner, ct);

    public Task<IActionResult> OnPostBulkTerritoryAsync(long[] ids, CancellationToken ct) => ChangeAsync(ids, CompanyBulkField.Territory, BulkTerritory, ct);

    public async Task<IActionResult> OnPostUndoAsync(CancellationToken ct)
    {
        if (!Viewer.Of(HttpContext).May(Permissions.EditCompanies)) { return Forbid(); }
        var undone = await change.UndoLastAsync(ct);
        Definition.EndUndo(HttpContext);
        this.Toast(undone switch
        {
            { Refusal: { } refusal } => refusal.TextIn(text),
            { Value: { ChangedSince: 0 } whole } => text["company.bulk.undone", whole.TakenBack],
            _ => text["company.bulk.undone-partly", undone.Value.TakenBack, undone.Value.ChangedSince],
        });
        return RedirectToPage();
    }

    private async Task<IActionResult> ChangeAsync(long[] ids, CompanyBulkField field, long? value, CancellationToken ct)
    {
        if (!Viewer.Of(HttpContext).May(Permissions.EditCompanies)) { return Forbid(); }
        if (value is null) { this.Toast(text["company.bulk.choose"]); return Back(); }
        var changed = await change.ExecuteAsync(new(ids, field, value), ct);
        if (changed.Refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (changed.Refusal is { } refusal) { this.Toast(refusal.TextIn(text)); return Back(); }
        if (changed.Value.Changed > 0) { Definition.OfferUndo(HttpContext); }
        this.Toast(text["company.bulk.done", changed.Value.Changed], changed.Value.Changed > 0 ? "/companies?handler=Undo" : null);
        return Back();
    }

    /// <summary>To the list as the reader had filtered it.</summary>
    private RedirectResult Back() => new(Request.PathBase + Request.Path + QueryString.Create(Request.Query.Where(q => q.Key != "handler")));
}
