using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;
using Portal.Web.Exchange;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Exchange.Imports;

/// <summary>The first step: which files, and whether a shipped profile reads them or the columns are mapped by hand. Below it, the reader's earlier imports.</summary>
[Authorize(Policy = Permissions.Import)]
[RequestSizeLimit(MostBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = MostBytes)]
public sealed class IndexModel(PortalDbContext db, ImportProfiles profiles, ImportDeliveries deliveries, IStringLocalizer<ExchangeText> text) : PageModel
{
    private const long MostBytes = 512L << 20;
    private const int MostFiles = 500;
    private const string ByProfile = "profile:";
    private const string ByKind = "kind:";

    public sealed class InputModel
    {
        [Display(Name = "import.what"), Required] public string What { get; set; } = "";
        [Display(Name = "import.files"), Required] public List<IFormFile> Files { get; set; } = [];
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public IReadOnlyList<SelectListItem> Choices { get; private set; } = [];
    public IReadOnlyList<Job> Earlier { get; private set; } = [];

    public Task OnGetAsync(CancellationToken ct) => FillAsync(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await FillAsync(ct);
        if (ModelState.IsValid && Choices.All(c => c.Value != Input.What)) { ModelState.AddModelError("Input.What", text["import.what.unknown"]); }
        var mapped = Input.What.StartsWith(ByKind, StringComparison.Ordinal);
        if (mapped && Input.Files.Count > 1) { ImportRefusals.OneFile.AddTo(ModelState, text); }
        if (Input.Files.Count > MostFiles) { ImportRefusals.TooManyFiles(MostFiles).AddTo(ModelState, text); }
        if (!ModelState.IsValid) { return Page(); }
        var delivery = await deliveries.KeepAsync(db.Scope.PersonId, mapped ? null : Input.What[ByProfile.Length..], mapped ? Input.What[ByKind.Length..] : null, Input.Files, ct);
        return RedirectToPage("Check", new { id = delivery.Id });
    }

    private async Task FillAsync(CancellationToken ct)
    {
        var byProfile = new SelectListGroup { Name = text["import.what.profile"] };
        var byKind = new SelectListGroup { Name = text["import.what.kind"] };
        var choices = new List<SelectListItem>();
        foreach (var name in profiles.Names)
        {
            if ((await profiles.ReadAsync(name, ct)).Profile is { } profile) { choices.Add(new(profile.Title.In(Language.Of(HttpContext).Name), ByProfile + name) { Group = byProfile }); }
        }
        foreach (var target in ImportTargets.All.Where(t => db.Scope.May(t.Permission))) { choices.Add(new(text["import.kind." + target.Kind], ByKind + target.Kind) { Group = byKind }); }
        Choices = choices;
        Earlier = await db.Jobs.AsNoTracking().Where(j => j.Kind == ImportWork.JobKind && j.PersonId == db.Scope.PersonId).OrderByDescending(j => j.Id).Take(10).ToListAsync(ct);
    }
}
