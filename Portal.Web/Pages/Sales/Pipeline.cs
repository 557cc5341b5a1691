using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Sales;

/// <summary>The stages in their order, in the reader's language; asked once per request.</summary>
public sealed class Pipeline(PortalDbContext db)
{
    private IReadOnlyList<SalesStage>? _stages;

    public async Task<IReadOnlyList<SalesStage>> StagesAsync(CancellationToken ct) => _stages ??= await db.Stages.AsNoTracking().OrderBy(s => s.Position).ThenBy(s => s.Id).ToListAsync(ct);

    public async Task<IReadOnlyList<SelectListItem>> ChoicesAsync(CancellationToken ct) =>
        [.. (await StagesAsync(ct)).Select(s => new SelectListItem(Name(s), s.Id.ToString(CultureInfo.InvariantCulture)))];

    public static string Name(SalesStage stage) => stage.NameIn(CultureInfo.CurrentUICulture.Name);

    public static Tone ToneOf(StageKind kind) => kind switch
    {
        StageKind.Won => Tone.Ok,
        StageKind.Lost => Tone.Bad,
        StageKind.Open => Tone.Info,
        _ => Tone.Plain,
    };

    /// <summary>Sums of several currencies beside each other; they are never added.</summary>
    public static string Sums(IEnumerable<StageTotal> totals) => string.Join(" + ", totals.Where(t => t.Amount > 0).Select(t => Display.Money(new(t.Amount, t.Currency))));
}
