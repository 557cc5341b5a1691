using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Sales;

[Authorize(Policy = Permissions.ViewOpportunities)]
public sealed class IndexModel(PortalDbContext db, ChangeOpportunities change, UndoLastBulkChange undo, IStringLocalizer<SalesText> text) : PageModel
{
    public static readonly ListDefinition<Opportunity, Opportunity> Definition = ListDefinition.Of<Opportunity, SalesText>("opportunities", "opportunity")
        .Row("/opportunities/{id}")
        .Text("title", o => o.Title, sort: o => o.Title)
        .Text("number", o => o.Number, shown: false)
        .Link("customer", o => o.CustomerName, o => o.CustomerId, "/companies/{id}", sort: o => o.CustomerName)
        // Not by the navigation: a join lets the database begin with the stages and sort every opportunity of an export.
        .Named("stage", o => Seen.Of<SalesStage>().Where(s => s.Id == o.StageId).Select(s => s.Name).FirstOrDefault(),
            o => Seen.Of<SalesStage>().Where(s => s.Id == o.StageId).Select(s => s.NameZh).FirstOrDefault())
        .Badge("outcome", o => o.Outcome, Pipeline.ToneOf, shown: false)
        .Money("amount", o => o.Amount, o => o.Currency, sortable: true)
        .Number("probability", o => o.Probability, shown: false, unit: "%")
        .Date("close", o => o.CloseDate, sortable: true)
        .Text("owner", o => o.OwnerName)
        .Link("partner", o => Seen.Of<Company>().Where(c => c.Id == o.PartnerId).Select(c => c.Name).FirstOrDefault(), o => o.PartnerId, "/companies/{id}")
        .Text("territory", o => Seen.Of<Territory>().Where(t => t.Id == o.TerritoryId).Select(t => t.Name).FirstOrDefault(), shown: false)
        .Text("next-step", o => o.NextStep, shown: false)
        .Date("next-step-on", o => o.NextStepOn, shown: false)
        .Text("source", o => o.Source, shown: false)
        .Date("opened", o => o.OpenedOn, shown: false)
        .Instant("stage-since", o => o.StageSince, shown: false)
        .Search((db, words) => db.Opportunities.Matching(db, words))
        .LookUp("stage", o => o.StageId, "stage")
        .Choice("outcome", o => o.Outcome)
        .Flag("mine", (o, me) => o.OwnerId == me, viewer => viewer.PersonId)
        .LookUp("owner", o => o.OwnerId, "person")
        .LookUp("partner", o => o.PartnerId, "partner")
        .LookUp("territory", o => o.TerritoryId, "territory")
        .LookUp("customer", o => o.CustomerId, "company")
        .DateRange("close", o => o.CloseDate)
        .NumberRange("amount", o => o.Amount)
        .OrderByDescending("close")
        .Bulk(new BulkAction("opportunity.bulk.owner", "BulkOwner", Permissions.EditOpportunities, [new("BulkOwnerId", "opportunity.owner", "person")]))
        .Bulk(new BulkAction("opportunity.bulk.stage", "BulkStage", Permissions.EditOpportunities, [new("BulkStageId", "opportunity.stage", "stage"), new("BulkReason", "opportunity.outcome-reason")]))
        .Bulk(new BulkAction("opportunity.bulk.territory", "BulkTerritory", Permissions.EditOpportunities, [new("BulkTerritoryId", "opportunity.territory", "territory")]))
        .Undo("Undo")
        .WhenEmpty(new EmptyList("target-arrow", "opportunity.list.empty", "opportunity.create.title", "/opportunities/create", Permissions.EditOpportunities));

    public ListView List { get; private set; } = null!;

    [BindProperty, LookUp("person")] public long? BulkOwnerId { get; set; }
    [BindProperty, LookUp("stage")] public long? BulkStageId { get; set; }
    [BindProperty] public string? BulkReason { get; set; }
    [BindProperty, LookUp("territory")] public long? BulkTerritoryId { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }

    public Task<IActionResult> OnPostBulkOwnerAsync(long[] ids, CancellationToken ct) => ChangeAsync(ids, BulkField.Owner, BulkOwnerId, ct);

    public Task<IActionResult> OnPostBulkStageAsync(long[] ids, CancellationToken ct) => ChangeAsync(ids, BulkField.Stage, BulkStageId, ct);

    public Task<IActionResult> OnPostBulkTerritoryAsync(long[] ids, CancellationToken ct) => ChangeAsync(ids, BulkField.Territory, BulkTerritoryId, ct);

    public async Task<IActionResult> OnPostUndoAsync(CancellationToken ct)
    {
        if (!Viewer.Of(HttpContext).May(Permissions.EditOpportunities)) { return NotFound(); }
        var undone = await undo.ExecuteAsync(ct);
        Definition.EndUndo(HttpContext);
        if (undone.Refusal is { } refusal) { this.Toast(refusal.TextIn(text)); }
        else
        {
            var left = undone.Value.ChangedSince.Count + undone.Value.OutOfSight;
            this.Toast(left == 0 ? text["opportunity.bulk.undone", undone.Value.TakenBack]
                : text["opportunity.bulk.undone-in-part", undone.Value.TakenBack, left, string.Join(", ", undone.Value.ChangedSince.Take(5).Select(o => o.Title))]);
        }
        return RedirectToPage();
    }

    private async Task<IActionResult> ChangeAsync(long[] ids, BulkField field, long? value, CancellationToken ct)
    {
        if (!Viewer.Of(HttpContext).May(Permissions.EditOpportunities)) { return NotFound(); }
        var back = RedirectToPage(Request.Query.Where(q => q.Key != "handler").ToDictionary(q => q.Key, q => (object?)q.Value.ToString()));
        if (value is null && field is not BulkField.Territory) { this.Toast(text[$"opportunity.bulk.{Display.Kebab(field.ToString())}-missing"]); return back; }
        var outcome = await change.ExecuteAsync(new(ids, field, value, BulkReason), ct);
        if (outcome.Refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (outcome.Refusal is { } refusal) { this.Toast(refusal.TextIn(text)); }
        else
        {
            if (outcome.Value.Changed > 0) { Definition.OfferUndo(HttpContext); }
            this.Toast(text["opportunity.bulk.done", outcome.Value.Changed], outcome.Value.Changed == 0 ? null : "/opportunities?handler=Undo");
        }
        return back;
    }
}
