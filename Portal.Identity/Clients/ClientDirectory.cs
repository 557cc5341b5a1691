using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Portal.Identity.Persistence;

namespace Portal.Identity.Clients;

/// <summary>An enabled client with the keys that it proves itself by.</summary>
internal sealed record KnownClient(Client Client, IReadOnlyList<SecurityKey> Keys);

/// <summary>The enabled APIs and the web origins of enabled clients, at one moment.</summary>
internal sealed record ApiCatalogue(IReadOnlyDictionary<string, ApiScope> Scopes, IReadOnlySet<string> Origins, DateTimeOffset ReadAt);

/// <summary>
/// Clients and APIs as programs ask for them, many times a second: kept for five seconds, so that what another node changes is known here
/// at most that much later. What this node changes is known at once.
/// </summary>
internal sealed class ClientDirectory(IServiceScopeFactory scopes, TimeProvider clock)
{
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<string, (KnownClient Client, DateTimeOffset ReadAt)> _clients = new(StringComparer.Ordinal);
    private volatile ApiCatalogue? _apis;

    /// <returns>Null for an unknown or disabled client. Nothing is kept of unknown ids: anybody can make those up.</returns>
    public async ValueTask<KnownClient?> FindAsync(string id, CancellationToken ct)
    {
        if (_clients.TryGetValue(id, out var kept) && IsFresh(kept.ReadAt))
        {
            return kept.Client;
        }
        if (id.Length > 100)
        {
            return null;
        }
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var now = clock.GetUtcNow();
        var client = await db.Clients.AsNoTracking().Include(c => c.Secrets).FirstOrDefaultAsync(c => c.ClientId == id && c.Enabled, ct);
        if (client is null)
        {
            _clients.TryRemove(id, out _);
            return null;
        }
        if (_clients.Count >= MostKept)
        {
            _clients.Clear();
        }
        var known = new KnownClient(client, client.PublicKeys is { } keys ? [.. ClientKeys.Read(keys)] : []);
        _clients[id] = (known, now);
        return known;
    }

    public async ValueTask<ApiCatalogue> ApisAsync(CancellationToken ct)
    {
        if (_apis is { } kept && IsFresh(kept.ReadAt))
        {
            return kept;
        }
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var now = clock.GetUtcNow();
        var known = await db.ApiScopes.AsNoTracking().Where(s => db.Resources.Any(r => r.Audience == s.Audience && r.Enabled)).ToDictionaryAsync(s => s.Name, StringComparer.Ordinal, ct);
        var origins = await db.Clients.AsNoTracking().Where(c => c.Enabled && c.Kind == ClientKind.Public).Select(c => c.CorsOrigins).ToListAsync(ct);
        return _apis = new(known, origins.SelectMany(list => list).ToHashSet(StringComparer.Ordinal), now);
    }

    /// <summary>After a change made here.</summary>
    public void Forget()
    {
        _clients.Clear();
        _apis = null;
    }

    private bool IsFresh(DateTimeOffset readAt) => (clock.GetUtcNow() - readAt).Duration() < Kept;
}
