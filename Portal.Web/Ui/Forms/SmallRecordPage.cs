using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Web.Ui.Forms;

/// <summary>What a form of <see cref="SmallRecordPage{TRecord, TInput}"/> posts.</summary>
public abstract class SmallRecordInput
{
    /// <summary>Of the record as the form had read it; 0 for a new one.</summary>
    public long Version { get; set; }
}

/// <summary>The one page of a small record that others point at, such as a team or a category: it makes, changes and removes it, and leads back to the list.</summary>
/// <param name="text">The area's texts, in which refusals are told.</param>
public abstract class SmallRecordPage<TRecord, TInput>(PortalDbContext db, IStringLocalizer text, IStringLocalizer<UiText> ui) : PageModel
    where TRecord : Aggregate where TInput : SmallRecordInput, new()
{
    protected PortalDbContext Db { get; } = db;

    [BindProperty] public TInput Input { get; set; } = new();

    /// <summary>As it is kept; null for a new one.</summary>
    public TRecord? Stored { get; private set; }

    public async Task<IActionResult> OnGetAsync(long? id, CancellationToken ct)
    {
        if (!await FindAsync(id, ct)) { return NotFound(); }
        Input = Stored is null ? await NewAsync(ct) : InputOf(Stored);
        return await ShowAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(long? id, CancellationToken ct)
    {
        if (!await FindAsync(id, ct)) { return NotFound(); }
        if (!ModelState.IsValid) { return await ShowAsync(ct); }
        if (Stored is not null && Stored.Version != Input.Version)
        {
            await ShowAsync(ct);
            return this.Conflict(Input, InputOf(Stored));
        }
        if (IsKeptBack()) { return await ShowAsync(ct); }
        return await AfterAsync(await SaveAsync(id, ct), ui["toast.saved"], ct);
    }

    public async Task<IActionResult> OnPostRemoveAsync(long id, CancellationToken ct)
    {
        ModelState.Clear();
        if (!await FindAsync(id, ct)) { return NotFound(); }
        Input = InputOf(Stored!);
        return await AfterAsync(await RemoveAsync(id, ct), ui["toast.removed"], ct);
    }

    protected abstract string ListPath { get; }
    protected abstract TInput InputOf(TRecord record);
    protected abstract Task<Refusal?> SaveAsync(long? id, CancellationToken ct);
    protected abstract Task<Refusal?> RemoveAsync(long id, CancellationToken ct);

    /// <summary>What the form of a new record begins with.</summary>
    protected virtual Task<TInput> NewAsync(CancellationToken ct) => Task.FromResult(new TInput());

    /// <summary>Names of what the input points at, and choices.</summary>
    protected virtual Task LoadAsync(CancellationToken ct) => Task.CompletedTask;

    /// <returns>Whether the asker has to prove first who is at the keyboard.</returns>
    protected virtual bool IsKeptBack() => false;

    private async Task<bool> FindAsync(long? id, CancellationToken ct)
    {
        Stored = id is null ? null : await Db.Set<TRecord>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, ct);
        return id is null || Stored is not null;
    }

    private async Task<IActionResult> AfterAsync(Refusal? refusal, LocalizedString done, CancellationToken ct)
    {
        if (refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (refusal is not null)
        {
            refusal.AddTo(ModelState, text);
            return await ShowAsync(ct);
        }
        this.Toast(done);
        return Redirect(ListPath);
    }

    private async Task<PageResult> ShowAsync(CancellationToken ct)
    {
        await LoadAsync(ct);
        return Page();
    }
}
