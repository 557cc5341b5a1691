using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>Creates, changes and removes the stages of the pipeline. A changed chance of winning holds for what enters the stage from then on.</summary>
public sealed class SaveStage(PortalDbContext db)
{
    /// <inheritdoc cref="Catalog.SaveProduct.Request"/>
    /// <param name="Code">What imports and programs call the stage; made of the name where it is empty. Like <paramref name="Kind"/> it is chosen once, since history is told by both.</param>
    /// <param name="NameZh">The name for readers of Chinese; empty where the one name serves all.</param>
    /// <param name="Probability">Percent, for open stages; a won one has 100, a lost one 0.</param>
    public sealed record Request(long? Id, long? Version, string? Code, string Name, string? NameZh, int Position, int Probability, StageKind Kind);

    public static readonly Refusal NotFound = new("stage.not-found", RefusalKind.NotFound);
    /// <summary>Somebody saved it since it was opened.</summary>
    public static readonly Refusal Changed = new("stage.changed", RefusalKind.Conflict);
    public static readonly Refusal CodeMissing = new("stage.code-missing", Field: nameof(Request.Code));
    public static readonly Refusal NameMissing = new("stage.name-missing", Field: nameof(Request.Name));
    public static readonly Refusal KindUnknown = new("stage.kind-unknown", Field: nameof(Request.Kind));
    public static readonly Refusal PositionOutOfRange = new("stage.position-out-of-range", Field: nameof(Request.Position), Values: [SalesStage.LastPosition]);
    public static readonly Refusal ProbabilityOutOfRange = new("stage.probability-out-of-range", Field: nameof(Request.Probability));
    /// <summary>Opportunities stand in it, or have stood there.</summary>
    public static readonly Refusal InUse = new("stage.in-use");
    /// <summary>A pipeline needs a stage to begin in, one for what is won and one for what is lost.</summary>
    public static readonly Refusal LastOfKind = new("stage.last-of-kind");

    public static Refusal CodeTaken(string code) => new("stage.code-taken", RefusalKind.Conflict, nameof(Request.Code), code);

    /// <returns>The saved stage, or why it was not saved.</returns>
    public async Task<Result<SalesStage>> ExecuteAsync(Request request, CancellationToken ct)
    {
        if (Check(request) is { } refusal) { return refusal; }
        var code = string.IsNullOrWhiteSpace(request.Code) ? CodeOf(request.Name) : request.Code.Trim();
        var stage = request.Id is { } id ? await db.Stages.AsTracking().FirstOrDefaultAsync(s => s.Id == id, ct) : null;
        if (request.Id is not null && stage is null) { return NotFound; }
        if (stage is not null && request.Version is { } read && read != stage.Version) { return Changed; }
        if (stage is null)
        {
            if (code.Length == 0) { return CodeMissing; }
            if (code.Length > SalesStage.CodeLength) { return SalesRefusals.TooLong(nameof(request.Code), SalesStage.CodeLength); }
            if (!Enum.IsDefined(request.Kind)) { return KindUnknown; }
            if (await db.Stages.AnyAsync(s => s.Code == code, ct)) { return CodeTaken(code); }
            db.Add(stage = new SalesStage { Id = db.Ids.Next(), Code = code, Name = request.Name, Position = request.Position, Probability = 0, Kind = request.Kind });
        }
        (stage.Name, stage.NameZh, stage.Position) = (request.Name.Trim(), request.NameZh?.Trim() ?? "", request.Position);
        stage.Probability = stage.Kind switch { StageKind.Won => 100, StageKind.Lost => 0, _ => request.Probability };
        try
        {
            await db.SaveChangesAsync(ct);
            return stage;
        }
        catch (DbUpdateConcurrencyException)
        {
            return Changed;
        }
        catch (DbUpdateException e) when (db.Engine.IsUniqueViolation(e))
        {
            return CodeTaken(code);
        }
    }

    /// <returns>Null once the stage is gone; refused while anything hangs on it.</returns>
    public async Task<Refusal?> RemoveAsync(long id, CancellationToken ct)
    {
        if (await db.Stages.AsTracking().FirstOrDefaultAsync(s => s.Id == id, ct) is not { } stage) { return NotFound; }
        if (await db.Opportunities.AnyAsync(o => o.StageId == id, ct) || await db.Set<StageChange>().AnyAsync(c => c.FromStageId == id || c.ToStageId == id, ct)) { return InUse; }
        if (!await db.Stages.AnyAsync(s => s.Kind == stage.Kind && s.Id != id, ct)) { return LastOfKind; }
        db.Remove(stage);
        await db.SaveChangesAsync(ct);
        return null;
    }

    /// <returns>The name's Latin letters and digits; empty where it has none.</returns>
    private static string CodeOf(string name)
    {
        var words = string.Concat(name.Trim().ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var code = string.Join('-', words);
        return code.Length <= SalesStage.CodeLength ? code : code[..SalesStage.CodeLength];
    }

    private static Refusal? Check(Request request) => request switch
    {
        _ when string.IsNullOrWhiteSpace(request.Name) => NameMissing,
        _ when request.Name.Trim().Length > SalesStage.NameLength => SalesRefusals.TooLong(nameof(request.Name), SalesStage.NameLength),
        _ when request.NameZh?.Trim().Length > SalesStage.NameLength => SalesRefusals.TooLong(nameof(request.NameZh), SalesStage.NameLength),
        _ when request.Position is < 0 or > SalesStage.LastPosition => PositionOutOfRange,
        _ when request.Probability is < 0 or > 100 => ProbabilityOutOfRange,
        _ => null,
    };
}
