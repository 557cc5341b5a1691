using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>Who gains and who loses sight by a change of shares.</summary>
public sealed record SightPreview(IReadOnlyList<Onlooker> Gain, IReadOnlyList<Onlooker> Lose, IReadOnlyList<Onlooker> Keep);

/// <summary>Gives, changes and ends sight of one record. The asker must see the record; what is given outside has an end.</summary>
public sealed class ShareRecord(PortalDbContext db, IPortalDb portal, Onlookers onlookers)
{
    /// <summary>The longest an external share may last before somebody must decide again.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <param name="Until">UTC, exclusive.</param>
    public sealed record Request(RecordClass RecordClass, long RecordId, string Key, FieldSet Fields, GrantActions Actions, string Reason, DateTimeOffset? Until);

    /// <returns>The share, or why not. The same key again changes the share that stands.</returns>
    public async Task<Result<Share>> ExecuteAsync(Request request, CancellationToken ct)
    {
        if (await RefuseAsync(request, ct) is { } refusal) { return refusal; }
        var share = await ApplyAsync(db, request, ct);
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

    /// <summary>What saving would change, worked out by doing it and taking it back.</summary>
    public async Task<Result<SightPreview>> PreviewAsync(Request request, CancellationToken ct) =>
        await RefuseAsync(request, ct) is { } refusal ? refusal : await CompareAsync(request.RecordClass, request.RecordId, system => ApplyAsync(system, request, ct), ct);

    /// <inheritdoc cref="PreviewAsync"/>
    public async Task<Result<SightPreview>> PreviewEndAsync(long shareId, CancellationToken ct)
    {
        var share = await db.Shares.AsNoTracking().FirstOrDefaultAsync(s => s.Id == shareId && s.Until > db.Now, ct);
        if (share is null || !await SeesAsync(share.RecordClass, share.RecordId, ct)) { return NotFound; }
        return await CompareAsync(share.RecordClass, share.RecordId, async system =>
        {
            var one = await system.Shares.FirstAsync(s => s.Id == shareId, ct);
            one.Until = system.Now;
            return one;
        }, ct);
    }

    private static readonly Refusal NotFound = new("record.not-found", RefusalKind.NotFound);

    private async Task<SightPreview> CompareAsync(RecordClass recordClass, long recordId, Func<PortalDbContext, Task<Share>> change, CancellationToken ct)
    {
        await using var system = portal.For(AccessScope.System("preview who gains and loses sight"));
        var before = await onlookers.OfAsync(system, recordClass, recordId, ct);
        IReadOnlyList<Onlooker> after = [];
        await system.InOneTransactionAsync(async () =>
        {
            await change(system);
            await system.SaveChangesAsync(ct);
            after = await onlookers.OfAsync(system, recordClass, recordId, ct);
            return false;
        }, ct);
        var (was, now) = (before.ToDictionary(o => o.PersonId), after.ToDictionary(o => o.PersonId));
        return new(
            [.. after.Where(o => !was.TryGetValue(o.PersonId, out var old) || old.Fields < o.Fields)],
            [.. before.Where(o => !now.TryGetValue(o.PersonId, out var left) || left.Fields < o.Fields)],
            [.. after.Where(o => was.TryGetValue(o.PersonId, out var old) && old.Fields == o.Fields)]);
    }

    private static async Task<Share> ApplyAsync(PortalDbContext context, Request request, CancellationToken ct)
    {
        var until = request.Until ?? DateTimeOffset.MaxValue.AddYears(-1);
        var now = context.Now;
        var standing = await context.Shares.FirstOrDefaultAsync(s => s.RecordClass == request.RecordClass && s.RecordId == request.RecordId && s.Key == request.Key && s.Until > now, ct);
        if (standing is not null)
        {
            (standing.Fields, standing.Actions, standing.Until) = (request.Fields, request.Actions, until);
            return standing;
        }
        var share = new Share
        {
            Id = context.Ids.Next(), Key = request.Key, RecordClass = request.RecordClass, RecordId = request.RecordId, Fields = request.Fields,
            Actions = request.Actions | GrantActions.Read, Reason = request.Reason.Trim(), Until = until, SharedBy = context.Scope.PersonId, SharedAt = now,
        };
        context.Add(share);
        return share;
    }

    private async Task<Refusal?> RefuseAsync(Request request, CancellationToken ct)
    {
        if (!await SeesAsync(request.RecordClass, request.RecordId, ct)) { return NotFound; }
        if (string.IsNullOrWhiteSpace(request.Reason)) { return new("share.reason-missing", Field: nameof(Request.Reason)); }
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
            ["region", var region] => await db.Companies.AnyAsync(c => c.Region == region, ct),
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
