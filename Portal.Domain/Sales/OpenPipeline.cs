using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>What stands in an open stage in one currency; currencies are never added.</summary>
public sealed record PipelineStage(long StageId, string Name, string NameZh, int Position, string Currency, long Count, decimal Amount)
{
    public string NameIn(string language) => language.StartsWith("zh", StringComparison.Ordinal) && NameZh.Length > 0 ? NameZh : Name;
}

public static class OpenPipeline
{
    extension(PortalDbContext db)
    {
        /// <summary>The open stages with what is the asker's by its columns, in one question; what comes by a share alone is left to the list.</summary>
        public async Task<IReadOnlyList<PipelineStage>> OpenPipelineAsync(CancellationToken ct) => await (
            from total in StageTotals.Kept(db, null)
            join stage in db.Stages on total.StageId equals stage.Id
            where stage.Kind == StageKind.Open && total.Count > 0
            group total by new { stage.Id, stage.Name, stage.NameZh, stage.Position, total.Currency } into g
            orderby g.Key.Position, g.Key.Currency
            select new PipelineStage(g.Key.Id, g.Key.Name, g.Key.NameZh, g.Key.Position, g.Key.Currency, g.Sum(t => t.Count), g.Sum(t => t.Amount))).ToListAsync(ct);
    }
}
