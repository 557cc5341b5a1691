using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Sales;

[Authorize(Policy = Permissions.EditOpportunities)]
public sealed class CreateModel(PortalDbContext db, Pipeline pipeline, CreateOpportunity create, IStringLocalizer<SalesText> text, IStringLocalizer<UiText> ui) : PageModel
{
    [BindProperty] public OpportunityInput Input { get; set; } = new();
    public OpportunityForm Form { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(long? customerId, CancellationToken ct)
    {
        // What an opportunity without a stage would get is said before it is saved.
        var first = (await pipeline.StagesAsync(ct)).FirstOrDefault(s => s.Kind is StageKind.Open);
        Input = new() { OwnerId = db.Scope.PersonId, CustomerId = customerId, StageId = first?.Id, Lines = [new()], Contacts = [new()] };
        return await ShowAsync(ct);
    }

    public Task<IActionResult> OnPostAddLineAsync(CancellationToken ct)
    {
        ModelState.Clear();
        Input.Lines.Add(new());
        return ShowAsync(ct);
    }

    public Task<IActionResult> OnPostAddContactAsync(CancellationToken ct)
    {
        ModelState.Clear();
        Input.Contacts.Add(new());
        return ShowAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid) { return await ShowAsync(ct); }
        Input.Tidy();
        await Input.PriceAsync(db, ct);
        var made = await create.ExecuteAsync(new(Input.ToDraft(), Input.StageId, Input.OutcomeReason), ct);
        if (made.Refusal is { } refusal)
        {
            ModelState.Clear();
            refusal.AddTo(ModelState, text);
            return await ShowAsync(ct);
        }
        this.Toast(ui["toast.saved"]);
        return RedirectToPage("Details", new { id = made.Value.Id });
    }

    private async Task<IActionResult> ShowAsync(CancellationToken ct)
    {
        Form = await OpportunityForm.ForAsync(db, pipeline, Input, isNew: true, ct);
        return Page();
    }
}
