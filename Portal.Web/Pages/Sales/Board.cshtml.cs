using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Sales;

[Authorize(Policy = Permissions.ViewOpportunities)]
public sealed class BoardModel(PortalDbContext db, Pipeline pipeline, MoveOpportunity move, IStringLocalizer<SalesText> text) : PageModel
{
    private const int CardsInLane = 20;

    /// <summary>Only the reader's own.</summary>
    [BindProperty(SupportsGet = true)] public bool Mine { get; set; }

    public BoardView Board { get; private set; } = null!;
    public bool IsEmpty { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        var viewer = Viewer.Of(HttpContext);
        long? owner = Mine ? viewer.PersonId : null;
        var stages = await pipeline.StagesAsync(ct);
        var totals = (await db.StageTotalsAsync(owner, ct)).ToLookup(t => t.StageId);
        var cards = await db.BoardAsync([.. stages.Where(s => s.Kind is StageKind.Open).Select(s => s.Id)], CardsInLane, owner, ct);
        IsEmpty = totals.Count == 0;
        Board = new(text["opportunity.board.title"], [.. stages.Select(stage => Lane(stage, [.. totals[stage.Id]], [.. cards[stage.Id]]))],
            viewer.May(Permissions.EditOpportunities) ? Mine ? "/opportunities/board?handler=Move&mine=true" : "/opportunities/board?handler=Move" : null);
    }

    public async Task<IActionResult> OnPostMoveAsync(long id, long lane, CancellationToken ct)
    {
        if (!Viewer.Of(HttpContext).May(Permissions.EditOpportunities)) { return NotFound(); }
        var moved = await move.ExecuteAsync(new(id, lane), ct);
        if (moved.Refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (moved.Refusal == SalesRefusals.ReasonMissing) { return RedirectToPage("Move", new { id, stageId = lane }); }
        this.Toast(moved.Refusal is { } refusal ? refusal.TextIn(text) : text["opportunity.moved", moved.Value.Title]);
        return RedirectToPage(Mine ? new { mine = true } : null);
    }

    private BoardLane Lane(SalesStage stage, IReadOnlyList<StageTotal> totals, IReadOnlyList<OpportunityCard> cards)
    {
        var count = totals.Sum(t => t.Count);
        var summary = string.Join(" · ", new[] { Display.Number(count), Pipeline.Sums(totals) }.Where(s => s.Length > 0));
        var rest = string.Create(CultureInfo.InvariantCulture, $"/opportunities?stage={stage.Id}&sort=close{(Mine ? "&mine=1" : "")}");
        return new(stage.Id.ToString(CultureInfo.InvariantCulture), Pipeline.Name(stage), summary,
            [.. cards.Select(c => new BoardCard(c.Id, c.Title, $"/opportunities/{c.Id}", [c.CustomerName, Display.Money(new(c.Amount, c.Currency)), string.Join(" · ", new[] { c.CloseDate is { } d ? Display.Date(d) : "", c.OwnerName }.Where(s => s.Length > 0))]))],
            count > cards.Count ? Fact.Link("", text["opportunity.board.more", Display.Number(count)], rest) : null);
    }
}
