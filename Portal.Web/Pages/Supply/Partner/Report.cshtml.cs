using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Supply.Partner;

/// <summary>A distributor's own figures by week. For whom they count is the asker's company and is never posted.</summary>
[Authorize(Policy = Permissions.PartnerDemand)]
public sealed class ReportModel(PortalDbContext db, EnterDemand enter, IStringLocalizer<SupplyText> text) : PageModel
{
    private const int WeeksBack = 9;

    public sealed class ChoiceModel : EntryChoice
    {
        // Here, since binding makes a choice of its own.
        public ChoiceModel() => Source = DemandSource.SellThrough;
    }

    [BindProperty(SupportsGet = true)] public ChoiceModel Choice { get; set; } = new();
    [BindProperty] public List<EntryRow> Rows { get; set; } = [];

    public EntryFormView? Form { get; private set; }
    public string? ProductName { get; private set; }
    public IEnumerable<SelectListItem> Sources => EnterDemand.PartnerSources.Select(s => new SelectListItem(text[Display.Key(s)], s.ToString()));

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!MayReport) { return NotFound(); }
        if (!await ShowAsync(ct) && Choice.ProductId is not null && ModelState.IsValid) { return NotFound(); }
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!MayReport) { return NotFound(); }
        if (!ModelState.IsValid || Choice.ProductId is null)
        {
            await ShowAsync(ct, Rows);
            return Page();
        }
        var saved = await enter.ExecuteAsync(new(Choice.Source, Choice.ProductId.Value, null, Choice.Site ?? "", DemandPeriod.Week, EntryRows.Entries(Rows)), ct);
        if (saved.Refusal is { } refusal)
        {
            refusal.AddTo(ModelState, text, nameof(Choice));
            await ShowAsync(ct, Rows);
            return Page();
        }
        this.Toast(text[saved.Value.Changed ? "demand.enter.saved" : "demand.enter.unchanged"]);
        return Redirect("/partner/demand");
    }

    private bool MayReport => EnterDemand.PartnerSources.Any(source => EnterDemand.MayEnter(db.Scope, source));

    /// <returns>False where no product is chosen that the asker sees.</returns>
    private async Task<bool> ShowAsync(CancellationToken ct, List<EntryRow>? posted = null)
    {
        if (await db.Products.Where(p => p.Id == Choice.ProductId).Select(p => new { p.Id, p.Name, p.Unit }).FirstOrDefaultAsync(ct) is not { } product) { return false; }
        ProductName = product.Name;
        var rows = posted ?? EntryRows.Of(Choice.From ?? db.Today.AddDays(-7 * WeeksBack), DemandPeriod.Week, await enter.EnteredAsync(Choice.Source, product.Id, null, Choice.Site ?? "", DemandPeriod.Week, ct));
        Form = new(product.Name, Display.Unit(product.Unit), DemandPeriod.Week, rows);
        return true;
    }
}
