using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Sales;

[Authorize(Policy = Permissions.EditOpportunities)]
public sealed class EditModel(PortalDbContext db, Pipeline pipeline, EditOpportunity edit, IStringLocalizer<SalesText> text, IStringLocalizer<UiText> ui) : PageModel
{
    [BindProperty] public OpportunityInput Input { get; set; } = new();
    public OpportunityForm Form { get; private set; } = null!;
    /// <summary>As it is kept, whatever stands in the form.</summary>
    public string Name { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (await CurrentAsync(id, ct) is not { } current) { return NotFound(); }
        Input = current.Input;
        if (Input.Lines.Count == 0) { Input.Lines.Add(new()); }
        if (Input.Contacts.Count == 0) { Input.Contacts.Add(new()); }
        return await ShowAsync(Input.Title, ct);
    }

    public Task<IActionResult> OnPostAddLineAsync(long id, CancellationToken ct) => AddRowAsync(id, () => Input.Lines.Add(new()), ct);

    public Task<IActionResult> OnPostAddContactAsync(long id, CancellationToken ct) => AddRowAsync(id, () => Input.Contacts.Add(new()), ct);

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        if (!ModelState.IsValid) { return await AgainAsync(id, ct); }
        Input.Tidy();
        await Input.PriceAsync(db, ct);
        var saved = await edit.ExecuteAsync(new(id, Input.Version, Input.ToDraft()), ct);
        switch (saved.Refusal)
        {
            case null:
                this.Toast(ui["toast.saved"]);
                // Whoever hands an opportunity to a colleague may not see it any more.
                return await db.OpportunityForStaffAsync(id, ct) is null ? RedirectToPage("Index") : RedirectToPage("Details", new { id });
            case { Code: var code } when code == SalesRefusals.ChangedMeanwhile.Code:
                return await ConflictAsync(id, ct);
            case { Kind: RefusalKind.NotFound }:
                return NotFound();
            case { } refusal:
                ModelState.Clear();
                refusal.AddTo(ModelState, text);
                return await AgainAsync(id, ct);
        }
    }

    private async Task<IActionResult> ConflictAsync(long id, CancellationToken ct)
    {
        if (await CurrentAsync(id, ct) is not { } current) { return NotFound(); }
        ModelState.Clear();
        var answer = this.Conflict(Input, current.Input);
        if (!Input.Lines.Select(Said).SequenceEqual(current.Input.Lines.Select(Said)))
        {
            var theirs = current.Lines.Select(l => $"{l.ProductName} {Display.Number(l.Quantity)} × {Display.Number(l.UnitPrice)}");
            ModelState.AddModelError("Input.Lines", text["opportunity.lines-changed", current.Lines.Count == 0 ? Display.None : string.Join("; ", theirs)]);
            // A line that was taken away meanwhile comes back as a new one if it is saved again.
            foreach (var line in Input.Lines.Where(l => current.Lines.All(c => c.Id != l.Id))) { line.Id = null; }
        }
        if (!Input.Contacts.Select(Known).SequenceEqual(current.Input.Contacts.Select(Known)))
        {
            ModelState.AddModelError("Input.Contacts", text["opportunity.contacts-changed", current.Contacts.Count == 0 ? Display.None : string.Join("; ", current.Contacts.Select(c => $"{c.FirstName} {c.LastName} {c.Part}".Trim()))]);
        }
        await ShowAsync(current.Input.Title, ct);
        return answer;

        static (long?, string) Known(OpportunityInput.ContactInput contact) => (contact.ContactId, contact.Part ?? "");
        static (long?, decimal?, decimal?, DateOnly?) Said(OpportunityInput.LineInput line) => (line.ProductId, line.Quantity, line.UnitPrice, line.WantedOn);
    }

    private Task<IActionResult> AddRowAsync(long id, Action add, CancellationToken ct)
    {
        ModelState.Clear();
        add();
        return AgainAsync(id, ct);
    }

    private async Task<IActionResult> AgainAsync(long id, CancellationToken ct) =>
        await db.OpportunityForStaffAsync(id, ct) is { } opportunity ? await ShowAsync(opportunity.Title, ct) : NotFound();

    private async Task<(OpportunityInput Input, List<OpportunityLineRow> Lines, List<OpportunityContactRow> Contacts)?> CurrentAsync(long id, CancellationToken ct)
    {
        if (await db.OpportunityForStaffAsync(id, ct) is not { } opportunity) { return null; }
        var lines = await db.LinesOfOpportunityAsync(id, ct);
        var stage = (await pipeline.StagesAsync(ct)).First(s => s.Id == opportunity.StageId);
        var contacts = await db.ContactsOfOpportunityAsync(id, ct);
        return (OpportunityInput.Of(opportunity, stage.Probability, lines, contacts), lines, contacts);
    }

    private async Task<IActionResult> ShowAsync(string name, CancellationToken ct)
    {
        Name = name;
        Form = await OpportunityForm.ForAsync(db, pipeline, Input, isNew: false, ct);
        return Page();
    }
}
