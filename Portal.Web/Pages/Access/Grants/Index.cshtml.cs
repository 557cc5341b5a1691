using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Access.Grants;

/// <summary>The standing rules by which partners see records through their own columns.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class IndexModel(PortalDbContext db, GrantAccess grantAccess, Audiences audiences, StepUp stepUp, IStringLocalizer<AccessText> text, IStringLocalizer<UiText> ui) : PageModel
{
    private const int Most = 500;

    public sealed class InputModel
    {
        [Display(Name = "share.group"), Required] public string Group { get; set; } = "";
        [Display(Name = "grant.rule"), Required] public string Rule { get; set; } = "";
        [Display(Name = "share.fields"), Required] public FieldSet Fields { get; set; } = FieldSet.Summary;
        [Display(Name = "share.may-comment")] public bool MayComment { get; set; }
        [Display(Name = "share.may-edit")] public bool MayEdit { get; set; }
        [Display(Name = "share.until"), Required] public DateOnly? Until { get; set; }
        [Display(Name = "share.reason"), Required, StringLength(400)] public string Reason { get; set; } = "";
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public IReadOnlyList<AccessGrant> Grants { get; private set; } = [];
    public IReadOnlyDictionary<string, string> KeyNames { get; private set; } = new Dictionary<string, string>();
    public IReadOnlyList<SelectListItem> Groups { get; private set; } = [];
    public IReadOnlyList<SelectListItem> Rules { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct)
    {
        await LoadAsync(ct);
        Input.Until = db.Today.AddDays(365);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await LoadAsync(ct);
        var parts = Input.Rule.Split(' ');
        if (Groups.All(g => g.Value != Input.Group)) { ModelState.AddModelError("Input.Group", text["share.unknown-key"]); }
        if (parts.Length != 2 || !Enum.TryParse<RecordClass>(parts[0], out var recordClass) || !Enum.TryParse<Relationship>(parts[1], out var relationship))
        {
            ModelState.AddModelError("Input.Rule", text["grant.no-such-rule"]);
            return Page();
        }
        if (!ModelState.IsValid || stepUp.KeepsFormBack(HttpContext)) { return Page(); }
        var until = new DateTimeOffset(Input.Until!.Value.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
        var actions = GrantActions.Read | (Input.MayComment ? GrantActions.Comment : 0) | (Input.MayEdit ? GrantActions.Edit : 0);
        var made = await grantAccess.ExecuteAsync(new(Input.Group, relationship, recordClass, Input.Fields, actions, Input.Reason, until), ct);
        if (made.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        this.Toast(text["grant.saved"]);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostEndAsync(long grantId, CancellationToken ct)
    {
        if (await grantAccess.EndAsync(grantId, ct) is not null) { return NotFound(); }
        this.Toast(text["grant.ended"]);
        return RedirectToPage();
    }

    private async Task LoadAsync(CancellationToken ct)
    {
        Grants = await db.Grants.AsNoTracking().Where(g => g.Until > db.Now).OrderBy(g => g.Key).ThenBy(g => g.RecordClass).Take(Most).ToListAsync(ct);
        KeyNames = await audiences.NamesAsync(Grants.Select(g => g.Key), ct);
        Groups = await audiences.GroupsAsync(partnersOnly: true, ct);
        Rules = [.. GrantAccess.Rules.Select(r => new SelectListItem(ui["label.value", text[Display.Key(r.Item1)], text[Display.Key(r.Item2)]], $"{r.Item1} {r.Item2}")).OrderBy(i => i.Text)];
    }
}
