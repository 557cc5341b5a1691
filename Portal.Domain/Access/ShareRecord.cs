using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>Who gains and who loses sight by a change of shares.</summary>
/// <param name="KeyNames">As in <see cref="OnlookersOf"/>.</param>
/// <param name="IsCut">As in <see cref="OnlookersOf"/>.</param>
public sealed record SightPreview(IReadOnlyList<Onlooker> Gain, IReadOnlyList<Onlooker> Lose, IReadOnlyList<Onlooker> Keep, IReadOnlyDictionary<string, string> KeyNames, bool IsCut);

/// <summary>Gives, changes and ends sight of one record. The asker must see the record; what is given outside has an end.</summary>
public sealed class ShareRecord(PortalDbContext db, Onlookers onlookers)
{
    /// <summary>The longest an external share may last before somebody must decide again.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <param name="Until">UTC, exclusive.</param>
    public sealed record Request(RecordClass RecordClass, long RecordId, string Key, FieldSet Fields, GrantActions Actions, string Reason, DateTimeOffset? Until);

    /// <returns>The share, or why not. The same key again changes the share that stands.</returns>
    public async Task<Result<Share>> ExecuteAsync(Request request, CancellationToken ct)
    {
        if (await RefuseAsync(request, ct) is { } refusal) { return refusal; }
        var share = await ApplyAsync(request, ct);
        await db.SaveChangesAsync(ct);
        return share;
    }

    /// <summary>Ends a share now. The row stays as the record of who saw what until when.</summary>
    public async Task<Refusal?> EndAsync(long shareId, CancellationToken ct)
    {
        var share = await db.Shares.FirstOrDefaultAsync(s => s.Id == shareId && s.Until > db.Now, ct);
        if (share is null || !await SeesAsync(share.RecordClass, share.RecordId, ct)) { return NotFound; }
        share.Until = db.Now;
        await db.SaveChangesAsync(ct);
        return null;
    }

    /// <summary>What saving would change. Nothing is written.</summary>
    public async Task<Result<SightPreview>> PreviewAsync(Request request, CancellationToken ct)
    {
        if (await RefuseAsync(request, ct) is { } refusal) { return refusal; }
        return await CompareAsync(request.RecordClass, request.RecordId, grounds => [.. grounds.Where(g => !g.IsShare || g.Key != request.Key), Ground(request)], ct);
    }

    /// <inheritdoc cref="PreviewAsync"/>
    public async Task<Result<SightPreview>> PreviewEndAsync(long shareId, CancellationToken ct)
    {
        var share = await db.Shares.AsNoTracking().FirstOrDefaultAsync(s => s.Id == shareId && s.Until > db.Now, ct);
        if (share is null || !await SeesAsync(share.RecordClass, share.RecordId, ct)) { return NotFound; }
        return await CompareAsync(share.RecordClass, share.RecordId, grounds => [.. grounds.Where(g => g.Id != shareId)], ct);
    }

    private static readonly Refusal NotFound = new("record.not-found", RefusalKind.NotFound);

    /// <summary>Nobody changes what is seen in summary only.</summary>
    internal static readonly Refusal EditNeedsFull = new("share.edit-needs-full", Field: nameof(Request.Fields));

    private async Task<SightPreview> CompareAsync(RecordClass recordClass, long recordId, Func<IReadOnlyList<SightGround>, IReadOnlyList<SightGround>> change, CancellationToken ct)
    {
        var (before, after) = await onlookers.CompareAsync(db, recordClass, recordId, change, ct);
        var (was, now) = (before.People.ToDictionary(o => o.PersonId), after.People.ToDictionary(o => o.PersonId));
        return new(
            [.. after.People.Where(o => !was.TryGetValue(o.PersonId, out var old) || old.Fields < o.Fields)],
            [.. before.People.Where(o => !now.TryGetValue(o.PersonId, out var left) || left.Fields < o.Fields)],
            [.. after.People.Where(o => was.TryGetValue(o.PersonId, out var old) && old.Fields == o.Fields)],
            before.KeyNames.Concat(after.KeyNames).DistinctBy(n => n.Key).ToDictionary(), before.IsCut || after.IsCut);
    }

    private static SightGround Ground(Request request) => new(0, request.Key, request.Fields, request.Reason.Trim(), request.Until ?? Endless);

    private static readonly DateTimeOffset Endless = DateTimeOffset.MaxValue.AddYears(-1);

    private async Task<Share> ApplyAsync(Request request, CancellationToken ct)
    {
        var standing = await db.Shares.FirstOrDefaultAsync(s => s.RecordClass == request.RecordClass && s.RecordId == request.RecordId && s.Key == request.Key && s.Until > db.Now, ct);
        if (standing is not null)
        {
            (standing.Fields, standing.Actions, standing.Until) = (request.Fields, request.Actions, request.Until ?? Endless);
            return standing;
        }
        var share = new Share
        {
            Id = db.Ids.Next(), Key = request.Key, RecordClass = request.RecordClass, RecordId = request.RecordId, Fields = request.Fields,
            Actions = request.Actions | GrantActions.Read, Reason = request.Reason.Trim(), Until = request.Until ?? Endless, SharedBy = db.Scope.PersonId, SharedAt = db.Now,
        };
        db.Add(share);
        return share;
    }

    private async Task<Refusal?> RefuseAsync(Request request, CancellationToken ct)
    {
        if (!await SeesAsync(request.RecordClass, request.RecordId, ct)) { return NotFound; }
        if (string.IsNullOrWhiteSpace(request.Reason)) { return new("share.reason-missing", Field: nameof(Request.Reason)); }
        if (request.Actions.HasFlag(GrantActions.Edit) && request.Fields is not FieldSet.Full) { return EditNeedsFull; }
        if (!await KeyExistsAsync(request.Key, ct)) { return new("share.unknown-key", Field: nameof(Request.Key)); }
        if (request.Until is { } until && until <= db.Now) { return new("share.end-past", Field: nameof(Request.Until)); }
        if (ScopeKeys.IsExternal(request.Key) && !await IsStaffKeyAsync(request.Key, ct))
        {
            if (request.Until is null) { return new("share.end-missing", Field: nameof(Request.Until)); }
            if (request.Until > db.Now + Longest) { return new("share.end-too-far", Field: nameof(Request.Until), Values: [(int)Longest.TotalDays]); }
        }
        return null;
    }

    private async Task<bool> IsStaffKeyAsync(string key, CancellationToken ct) =>
        key.StartsWith("person:", StringComparison.Ordinal) && long.TryParse(key.AsSpan(7), out var id) && await db.People.AnyAsync(p => p.Id == id && p.CompanyId == null, ct);

    private async Task<bool> KeyExistsAsync(string key, CancellationToken ct)
    {
        var parts = key.Split(':', 2);
        var id = parts.Length == 2 && long.TryParse(parts[1], out var number) ? number : 0;
        return parts switch
        {
            [ScopeKeys.AllPartners] => true,
            ["company", _] => await db.Companies.AnyAsync(c => c.Id == id, ct),
            ["person", _] => await db.People.AnyAsync(p => p.Id == id && p.Active, ct),
            ["team", _] => await db.Teams.AnyAsync(t => t.Id == id, ct),
            ["territory", _] => await db.Territories.AnyAsync(t => t.Id == id, ct),
            ["tier", var tier] => Enum.TryParse<Companies.PartnerTier>(tier, out _),
            ["kind", var kind] => Enum.TryParse<Companies.CompanyRole>(kind, out _),
            ["region", var region] => await db.Territories.AnyAsync(t => t.Region == region, ct),
            _ => false,
        };
    }

    private Task<bool> SeesAsync(RecordClass recordClass, long recordId, CancellationToken ct) => recordClass switch
    {
        RecordClass.Company => db.Companies.AnyAsync(r => r.Id == recordId, ct),
        RecordClass.Product => db.Products.AnyAsync(r => r.Id == recordId, ct),
        RecordClass.SupplierItem => db.SupplierItems.AnyAsync(r => r.Id == recordId, ct),
        RecordClass.Opportunity => db.Opportunities.AnyAsync(r => r.Id == recordId, ct),
        RecordClass.DemandSignal => db.DemandSignals.AnyAsync(r => r.Id == recordId, ct),
        RecordClass.Document => db.Documents.AnyAsync(r => r.Id == recordId, ct),
        _ => throw new InvalidOperationException($"{recordClass} cannot be shared."),
    };
}
