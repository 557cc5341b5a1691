using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Views;

/// <summary>The reader's views of one list: open, keep the present one, remove. A menu in the list, a page of its own without script.</summary>
[Authorize(Policy = Permissions.SignedIn)]
public sealed class IndexModel(PortalDbContext db, IdSource ids, IStringLocalizer<UiText> text) : PageModel
{
    private const int MostViews = 50;

    /// <summary>Key of the list, its address and its present query string, as the list names them.</summary>
    [BindProperty(SupportsGet = true)] public string List { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string Path { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string? Query { get; set; }

    public IReadOnlyList<SavedView> Views { get; private set; } = [];
    public bool CanShare => db.Scope.Kind is ScopeKind.Staff;
    public long Me => db.Scope.PersonId;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!IsSound) { return NotFound(); }
        await LoadAsync(ct);
        return Request.WantsPart() ? Partial("_Views", this) : Page();
    }

    public async Task<IActionResult> OnPostSaveAsync(string? name, bool shared, CancellationToken ct)
    {
        if (!IsSound) { return NotFound(); }
        await LoadAsync(ct);
        var own = Views.Where(v => v.PersonId == Me).ToList();
        var called = (name ?? "").Trim();
        Refusal? refusal = called.Length is 0 or > 80 ? new("view.name-missing") : own.Count >= MostViews && own.All(v => v.Name != called) ? new("view.too-many") : null;
        if (refusal is not null)
        {
            refusal.AddTo(ModelState, text);
            return Page();
        }
        if (await db.SavedViews.FirstOrDefaultAsync(v => v.List == List && v.PersonId == Me && v.Name == called, ct) is { } same)
        {
            (same.Query, same.Shared) = (Query ?? "", shared && CanShare);
        }
        else
        {
            db.Add(new SavedView { Id = ids.Next(), List = List, PersonId = Me, Name = called, Query = Query ?? "", Shared = shared && CanShare });
        }
        await db.SaveChangesAsync(ct);
        this.Toast(text["list.views.saved"]);
        return LocalRedirect(AddressOf(Query));
    }

    public async Task<IActionResult> OnPostRemoveAsync(long id, CancellationToken ct)
    {
        if (!IsSound || await db.SavedViews.FirstOrDefaultAsync(v => v.Id == id && v.PersonId == Me, ct) is not { } view) { return NotFound(); }
        db.Remove(view);
        await db.SaveChangesAsync(ct);
        this.Toast(text["list.views.removed"]);
        return LocalRedirect(AddressOf(Query));
    }

    public string AddressOf(string? query) => string.IsNullOrEmpty(query) ? Path : $"{Path}?{query}";

    private bool IsSound => List.Length is > 0 and <= 60 && Path.Length <= 300 && Url.IsLocalUrl(Path) && !Path.Contains('?', StringComparison.Ordinal)
        && (Query ?? "").Length <= 2000 && !(Query ?? "").AsSpan().ContainsAny('\r', '\n', '#');

    private async Task LoadAsync(CancellationToken ct) =>
        Views = await db.SavedViews.AsNoTracking().Where(v => v.List == List).OrderBy(v => v.Name).ThenBy(v => v.Id).Take(200).ToListAsync(ct);
}
