using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Persistence;

namespace Portal.Identity.Keys;

public enum SigningKeyState
{
    /// <summary>Published, so that clients know it before it signs.</summary>
    Next,
    Signing,

    /// <summary>Signs no more; published until everything it signed has expired.</summary>
    Leaving,
    Revoked,
}

/// <param name="IsReadable">False where the private part was sealed by keys that are gone.</param>
public sealed record SigningKeyLine(string Kid, string Algorithm, SigningKeyState State, DateTimeOffset CreatedAt, DateTimeOffset ActiveFrom, DateTimeOffset? RevokedAt, bool IsReadable);

/// <summary>What administrators see of the signing keys, and the one act that they may take. Everything else goes by itself.</summary>
public sealed class SigningKeyLife
{
    private readonly IServiceScopeFactory _scopes;
    private readonly SigningKeys _keys;
    private readonly TimeProvider _clock;

    internal SigningKeyLife(IServiceScopeFactory scopes, SigningKeys keys, TimeProvider clock) => (_scopes, _keys, _clock) = (scopes, keys, clock);

    /// <summary>By algorithm, oldest first.</summary>
    public async Task<IReadOnlyList<SigningKeyLine>> ListAsync(CancellationToken ct)
    {
        await _keys.RingAsync(ct);
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var now = _clock.GetUtcNow();
        var all = await db.SigningKeys.AsNoTracking().OrderBy(key => key.Algorithm).ThenBy(key => key.Sequence).ToListAsync(ct);
        var lines = new List<SigningKeyLine>();
        foreach (var group in all.GroupBy(key => key.Algorithm))
        {
            var live = group.Where(key => key.RevokedAt is null).ToList();
            var signing = SigningKeys.SigningAmong(live.Where(_keys.CanRead), now);
            foreach (var key in group.Where(key => key.RevokedAt is not null || !SigningKeys.IsRetired(key, live, now)))
            {
                var state = key.RevokedAt is not null ? SigningKeyState.Revoked
                    : key == signing ? SigningKeyState.Signing
                    : key.ActiveFrom > now ? SigningKeyState.Next
                    : SigningKeyState.Leaving;
                lines.Add(new(key.Kid, key.Algorithm, state, key.CreatedAt, key.ActiveFrom, key.RevokedAt, _keys.CanRead(key)));
            }
        }
        return lines;
    }

    /// <summary>
    /// Takes a key out of use at once, for one whose private part may be known to somebody else. What it signed is no longer believed here, clients
    /// hear of it when they read the key set again, and the next key (a new one where none waits) signs from now on. Other nodes follow within a minute.
    /// </summary>
    /// <returns>False for a key that is unknown or revoked already.</returns>
    public async Task<bool> RevokeAsync(string kid, CancellationToken ct)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var now = _clock.GetUtcNow();
        await using (var write = await db.BeginWriteAsync(ct))
        {
            if (await db.SigningKeys.Where(key => key.Kid == kid && key.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), ct) == 0)
            {
                return false;
            }
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.SigningKeyRevoked, now));
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        _keys.Forget();
        await _keys.RingAsync(ct);
        return true;
    }

    /// <summary>The hourly step: makes the next key in time although nobody asks for tokens, and forgets those that have left for good.</summary>
    internal async Task StepAsync(CancellationToken ct)
    {
        _keys.Forget();
        await _keys.RingAsync(ct);
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var now = _clock.GetUtcNow();
        var all = await db.SigningKeys.AsNoTracking().OrderBy(key => key.Sequence).ToListAsync(ct);
        var gone = all.GroupBy(key => key.Algorithm).SelectMany(group =>
            group.SkipLast(1).Where(key => key.RevokedAt is { } revoked ? revoked + SigningKeys.Rotation <= now : SigningKeys.IsRetired(key, group.Where(other => other.RevokedAt is null), now)))
            .Select(key => key.Kid).ToArray();
        if (gone.Length == 0)
        {
            return;
        }
        await using var write = await db.BeginWriteAsync(ct);
        await db.SigningKeys.Where(key => gone.Contains(key.Kid)).ExecuteDeleteAsync(ct);
        await write.CommitAsync(ct);
    }
}
