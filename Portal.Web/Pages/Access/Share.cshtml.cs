using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Access;

/// <summary>Gives and ends sight of one record; each change shows first who gains and who loses.</summary>
[Authorize(Policy = Permissions.ShareRecords)]
public sealed class ShareModel(PortalDbContext db, ShareRecord shareRecord, Audiences audiences, StepUp stepUp, IStringLocalizer<AccessText> text) : PageModel
{
    public sealed class InputModel
    {
        [Display(Name = "share.group")] public string? Group { get; set; }
        [Display(Name = "share.company"), LookUp("company")] public long? CompanyId { get; set; }
        [Display(Name = "share.person"), LookUp("anybody")] public long? PersonId { get; set; }
        [Display(Name = "share.fields"), Required] public FieldSet Fields { get; set; } = FieldSet.Summary;
        [Display(Name = "share.may-comment")] public bool MayComment { get; set; }
        [Display(Name = "share.may-edit")] public bool MayEdit { get; set; }
        [Display(Name = "share.until")] public DateOnly? Until { get; set; }
        [Display(Name = "share.reason"), Required, StringLength(400)] public string Reason { get; set; } = "";
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public RecordClass RecordClass { get; private set; }
    public long RecordId { get; private set; }
    public string RecordTitle { get; private set; } = "";
    /// <summary>Of the records that can be shared one by one, opportunities are what others than the house may change.</summary>
    public bool TakesEdits => RecordClass is RecordClass.Opportunity;
    public IReadOnlyList<Share> Standing { get; private set; } = [];
    public IReadOnlyDictionary<string, string> KeyNames { get; private set; } = new Dictionary<string, string>();
    public IReadOnlyList<SelectListItem> Groups { get; private set; } = [];
    public SightPreview? Preview { get; private set; }
    /// <summary>The share whose end is previewed; null while giving.</summary>
    public long? Ending { get; private set; }

    public async Task<IActionResult> OnGetAsync(string recordClass, long id, CancellationToken ct)
    {
        if (!await LoadAsync(recordClass, id, ct)) { return NotFound(); }
        Input.Until = db.Today.AddDays(90);
        return Page();
    }

    public Task<IActionResult> OnPostPreviewAsync(string recordClass, long id, CancellationToken ct) => ActAsync(recordClass, id, request => PreviewAsync(request, ct), ct);

    private async Task<(Refusal?, IActionResult?)> PreviewAsync(ShareRecord.Request request, CancellationToken ct)
    {
        var preview = await shareRecord.PreviewAsync(request, ct);
        if (preview.Succeeded) { Preview = preview.Value; }
        return (preview.Refusal, null);
    }

    /// <summary>Sight beyond the house is given by whoever has just shown to be at the keyboard.</summary>
    private async Task<bool> IsKeptBackAsync(ShareRecord.Request request, CancellationToken ct) =>
        ScopeKeys.IsExternal(request.Key) && !stepUp.IsFresh(HttpContext)
        && !(Input.PersonId is { } person && await db.People.AnyAsync(p => p.Id == person && p.CompanyId == null, ct)) && stepUp.KeepsFormBack(HttpContext);

    public Task<IActionResult> OnPostAsync(string recordClass, long id, CancellationToken ct) => ActAsync(recordClass, id, async request =>
    {
        if (await IsKeptBackAsync(request, ct)) { return await PreviewAsync(request, ct); }
        var share = await shareRecord.ExecuteAsync(request, ct);
        if (share.Refusal is { } refusal) { return (refusal, null); }
        this.Toast(text["share.saved"]);
        return (null, RedirectToPage());
    }, ct);

    public async Task<IActionResult> OnPostPreviewEndAsync(string recordClass, long id, long shareId, CancellationToken ct)
    {
        ModelState.Clear();
        if (!await LoadAsync(recordClass, id, ct)) { return NotFound(); }
        var preview = await shareRecord.PreviewEndAsync(shareId, ct);
        if (!preview.Succeeded) { return NotFound(); }
        (Ending, Preview) = (shareId, preview.Value);
        return Page();
    }

    public async Task<IActionResult> OnPostEndAsync(string recordClass, long id, long shareId, CancellationToken ct)
    {
        if (!await LoadAsync(recordClass, id, ct) || await shareRecord.EndAsync(shareId, ct) is not null) { return NotFound(); }
        this.Toast(text["share.ended"]);
        return RedirectToPage();
    }

    private async Task<IActionResult> ActAsync(string recordClass, long id, Func<ShareRecord.Request, Task<(Refusal?, IActionResult?)>> act, CancellationToken ct)
    {
        if (!await LoadAsync(recordClass, id, ct)) { return NotFound(); }
        if (KeyOf(Input) is not { } key) { ModelState.AddModelError("Input.Group", text["share.choose-one"]); return Page(); }
        if (!ModelState.IsValid) { return Page(); }
        // The last day is named; sight ends when it is over, in UTC.
        DateTimeOffset? until = Input.Until is { } day ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : null;
        var actions = GrantActions.Read | (Input.MayComment ? GrantActions.Comment : 0) | (Input.MayEdit && TakesEdits ? GrantActions.Edit : 0);
        var (refusal, result) = await act(new(RecordClass, RecordId, key, Input.Fields, actions, Input.Reason, until));
        if (refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        refusal?.AddTo(ModelState, text);
        return result ?? Page();
    }

    private static string? KeyOf(InputModel input) => (input.Group, input.CompanyId, input.PersonId) switch
    {
        ({ Length: > 0 } group, null, null) => group,
        (null or "", { } company, null) => ScopeKeys.Company(company),
        (null or "", null, { } person) => ScopeKeys.Person(person),
        _ => null,
    };

    private async Task<bool> LoadAsync(string recordClass, long id, CancellationToken ct)
    {
        if (!Enum.TryParse<RecordClass>(recordClass, ignoreCase: true, out var known) || !Enum.IsDefined(known) || await RecordTitles.OfAsync(db, known, id, ct) is not { } title) { return false; }
        (RecordClass, RecordId, RecordTitle) = (known, id, title);
        Standing = await db.Shares.AsNoTracking().Where(s => s.RecordClass == known && s.RecordId == id && s.Until > db.Now).OrderBy(s => s.Key).ToListAsync(ct);
        KeyNames = await audiences.NamesAsync(Standing.Select(s => s.Key), ct);
        Groups = await audiences.GroupsAsync(partnersOnly: false, ct);
        return true;
    }
}
