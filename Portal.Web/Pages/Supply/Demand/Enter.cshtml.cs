using System.ComponentModel.DataAnnotations;
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

namespace Portal.Web.Pages.Supply.Demand;

[Authorize(Policy = Permissions.EditDemand)]
public sealed class EnterModel(PortalDbContext db, EnterDemand enter, IStringLocalizer<SupplyText> text) : PageModel
{
    public sealed class ChoiceModel : EntryChoice
    {
        [Display(Name = "demand.enter.company"), LookUp("company")] public long? CompanyId { get; set; }
        [Display(Name = "demand.enter.across")] public DemandPeriod Granularity { get; set; } = DemandPeriod.Week;
    }

    [BindProperty(SupportsGet = true)] public ChoiceModel Choice { get; set; } = new();
    [BindProperty] public List<EntryRow> Rows { get; set; } = [];

    public EntryFormView? Form { get; private set; }
    public string? ProductName { get; private set; }
    public string? CompanyName { get; private set; }
    public IEnumerable<SelectListItem> Sources => Enum.GetValues<DemandSource>().Where(s => s is not DemandSource.Pipeline).Select(s => new SelectListItem(text[Display.Key(s)], s.ToString()));

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await ShowAsync(ct) && Choice.ProductId is not null && ModelState.IsValid) { return NotFound(); }
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid || Choice.ProductId is null)
        {
            await ShowAsync(ct, Rows);
            return Page();
        }
        var saved = await enter.ExecuteAsync(new(Choice.Source, Choice.ProductId.Value, Choice.CompanyId, Choice.Site ?? "", Choice.Granularity, EntryRows.Entries(Rows)), ct);
        if (saved.Refusal is { } refusal)
        {
            refusal.AddTo(ModelState, text, nameof(Choice));
            await ShowAsync(ct, Rows);
            return Page();
        }
        this.Toast(text[saved.Value.Changed ? "demand.enter.saved" : "demand.enter.unchanged"]);
        return Redirect($"/demand?product={Choice.ProductId}&across={Choice.Granularity}&source={Choice.Source}&from={Choice.From ?? db.Today:yyyy-MM-dd}");
    }

    /// <returns>False where no product is chosen that the asker sees.</returns>
    private async Task<bool> ShowAsync(CancellationToken ct, List<EntryRow>? posted = null)
    {
        CompanyName = await db.Companies.Where(c => c.Id == Choice.CompanyId).Select(c => c.Name).FirstOrDefaultAsync(ct);
        if (await db.Products.Where(p => p.Id == Choice.ProductId).Select(p => new { p.Id, p.Name, p.Unit }).FirstOrDefaultAsync(ct) is not { } product) { return false; }
        ProductName = product.Name;
        var rows = posted ?? EntryRows.Of(Choice.From ?? db.Today, Choice.Granularity, await enter.EnteredAsync(Choice.Source, product.Id, Choice.CompanyId, Choice.Site ?? "", Choice.Granularity, ct));
        Form = new(product.Name, Display.Unit(product.Unit), Choice.Granularity, rows);
        return true;
    }
}
