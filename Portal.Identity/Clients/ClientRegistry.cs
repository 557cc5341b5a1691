using Microsoft.EntityFrameworkCore;
using Portal.Identity.Persistence;
using Portal.Identity.Tokens;

namespace Portal.Identity.Clients;

/// <summary>What became of an act on a client or API.</summary>
/// <param name="Secret">A secret made by the act: it is shown once and kept nowhere.</param>
/// <param name="Problems">Why it was refused; empty when it was done.</param>
public sealed record SettingResult(string? Secret, IReadOnlyList<SettingProblem> Problems)
{
    public bool Succeeded => Problems.Count == 0;

    internal static SettingResult Done(string? secret = null) => new(secret, []);

    internal static SettingResult Refused(params IEnumerable<SettingProblem> problems) => new(null, [.. problems]);
}

/// <summary>The acts on clients, scopes and APIs that a command line, a set-up or an administrator's page may take. Unsafe settings are refused.</summary>
public sealed class ClientRegistry
{
    /// <summary>How long a secret that the provider makes holds.</summary>
    public static readonly TimeSpan SecretLifetime = TimeSpan.FromDays(365);

    /// <summary>How long the old secret still holds after a change, unless said otherwise.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(7);

    private readonly IdentityStoreContext _db;
    private readonly ClientDirectory _directory;
    private readonly TimeProvider _clock;

    internal ClientRegistry(IdentityStoreContext db, ClientDirectory directory, TimeProvider clock) => (_db, _directory, _clock) = (db, directory, clock);

    /// <summary>All clients with their secrets' dates, by id.</summary>
    public async Task<IReadOnlyList<Client>> ListAsync(CancellationToken ct) =>
        await _db.Clients.AsNoTracking().Include(c => c.Secrets.OrderBy(s => s.CreatedAt)).OrderBy(c => c.ClientId).ToListAsync(ct);

    public async Task<Client?> FindAsync(string clientId, CancellationToken ct) =>
        await _db.Clients.AsNoTracking().Include(c => c.Secrets.OrderBy(s => s.CreatedAt)).FirstOrDefaultAsync(c => c.ClientId == clientId, ct);

    public async Task<IReadOnlyList<ApiResource>> ListResourcesAsync(CancellationToken ct) =>
        await _db.Resources.AsNoTracking().Include(r => r.Scopes.OrderBy(s => s.Name)).OrderBy(r => r.Audience).ToListAsync(ct);

    /// <returns>The secret of a confidential client without keys, made here; its <see cref="ClientRegistration.Secrets"/> are not read.</returns>
    public async Task<SettingResult> AddAsync(ClientRegistration asked, CancellationToken ct)
    {
        var problems = await ProblemsAsync(asked, ct);
        if (problems.Count > 0)
        {
            return SettingResult.Refused(problems);
        }
        var now = _clock.GetUtcNow();
        var client = Client.From(asked, now);
        string? secret = null;
        if (client is { Kind: ClientKind.Confidential, PublicKeys: null })
        {
            secret = NewSecret(client, now);
        }
        _db.Clients.Add(client);
        _db.Events.Add(IdentityEvent.Of(IdentityEventKind.ClientChanged, now, client: client.ClientId));
        try
        {
            await SaveAsync(ct);
        }
        catch (DbUpdateException)
        {
            _db.ChangeTracker.Clear();
            return await _db.Clients.AnyAsync(c => c.ClientId == asked.ClientId, ct) ? SettingResult.Refused(new SettingProblem("client.id-taken", asked.ClientId)) : throw new InvalidOperationException("The client could not be kept.");
        }
        return SettingResult.Done(secret);
    }

    /// <summary>Brings a client to new settings; its id, kind and secrets stay. What was issued under old settings stays within them.</summary>
    public async Task<SettingResult> ChangeAsync(ClientRegistration asked, CancellationToken ct) => await ActAsync(asked.ClientId, async client =>
    {
        var problems = await ProblemsAsync(asked with { Kind = client.Kind }, ct, isNew: false);
        if (problems.Count == 0)
        {
            client.Take(asked);
        }
        return SettingResult.Refused(problems);
    }, ct);

    /// <summary>Makes a new secret beside the newest old one, which then holds for <paramref name="overlap"/> at most. Older ones go.</summary>
    public Task<SettingResult> RotateSecretAsync(string clientId, TimeSpan overlap, CancellationToken ct) => ActAsync(clientId, client =>
    {
        if (client.Kind != ClientKind.Confidential || client.PublicKeys is not null)
        {
            return Task.FromResult(SettingResult.Refused(new SettingProblem("client.has-no-secret", clientId)));
        }
        var now = _clock.GetUtcNow();
        var live = client.Secrets.Where(s => s.IsLive(now)).OrderByDescending(s => s.CreatedAt).ThenByDescending(s => s.Id).ToList();
        foreach (var old in client.Secrets.Except(live.Take(1)).ToList())
        {
            client.Secrets.Remove(old);
        }
        if (live.FirstOrDefault() is { } previous && (previous.ExpiresAt is not { } end || end > now + overlap))
        {
            previous.ExpiresAt = now + overlap;
        }
        return Task.FromResult(SettingResult.Done(NewSecret(client, now)));
    }, ct);

    /// <summary>Not for clients of the settings: the portal itself is one, and nobody could enable it again. A disabled client gets nothing more, and what it has is dead at once here and within seconds on other nodes.</summary>
    public Task<SettingResult> SetEnabledAsync(string clientId, bool enabled, CancellationToken ct) => ActAsync(clientId, async client =>
    {
        client.Enabled = enabled;
        if (!enabled)
        {
            var now = _clock.GetUtcNow();
            await _db.Grants.Where(g => g.ClientId == clientId && g.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), ct);
        }
        return SettingResult.Done();
    }, ct);

    /// <summary>Adds an API or brings it to new values. A scope that is left out is taken away; clients that were allowed it no longer get it.</summary>
    public async Task<SettingResult> SetResourceAsync(ResourceRegistration asked, bool fromSettings, CancellationToken ct)
    {
        var problems = asked.Problems().ToList();
        var names = asked.Scopes.Select(s => s.Name).ToArray();
        var taken = await _db.ApiScopes.Where(s => names.Contains(s.Name) && s.Audience != asked.Audience).Select(s => s.Name).ToListAsync(ct);
        problems.AddRange(taken.Select(name => new SettingProblem("scope.name-taken", name)));
        if (problems.Count > 0)
        {
            return SettingResult.Refused(problems);
        }
        var resource = await _db.Resources.Include(r => r.Scopes).FirstOrDefaultAsync(r => r.Audience == asked.Audience, ct);
        if (resource is null)
        {
            _db.Resources.Add(resource = new ApiResource { Audience = asked.Audience, Name = asked.Name });
        }
        (resource.Name, resource.FromSettings) = (asked.Name.Trim(), fromSettings);
        resource.Scopes.RemoveAll(s => !names.Contains(s.Name));
        foreach (var scope in asked.Scopes)
        {
            if (resource.Scopes.Find(s => s.Name == scope.Name) is { } known)
            {
                (known.Title, known.TitleZh) = (scope.Title, scope.TitleZh);
            }
            else
            {
                resource.Scopes.Add(new ApiScope { Name = scope.Name, Audience = asked.Audience, Title = scope.Title, TitleZh = scope.TitleZh });
            }
        }
        try
        {
            await SaveAsync(ct);
        }
        catch (DbUpdateException)
        {
            // Another node or administrator stated it a moment ago.
            _db.ChangeTracker.Clear();
            if (!await _db.Resources.AnyAsync(r => r.Audience == asked.Audience, ct))
            {
                throw;
            }
        }
        return SettingResult.Done();
    }

    /// <summary>An API that the host stated before and states no longer, such as one under an address that the portal had: its scopes are free for the one that is stated now.</summary>
    internal async Task ForgetUnstatedAsync(IReadOnlyCollection<string> stated, CancellationToken ct)
    {
        var gone = await _db.Resources.Include(r => r.Scopes).Where(r => r.FromSettings && !stated.Contains(r.Audience)).ToListAsync(ct);
        if (gone.Count == 0)
        {
            return;
        }
        _db.Resources.RemoveRange(gone);
        try
        {
            await SaveAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another node of the same configuration took it away a moment ago.
            _db.ChangeTracker.Clear();
        }
    }

    /// <summary>
    /// For a command, which may be the first thing that is ever run on the store: the APIs that the host states and the store lacks. What is there already is left to the host's
    /// start, whose settings may be others.
    /// </summary>
    internal async Task StateMissingAsync(IEnumerable<ResourceRegistration> stated, CancellationToken ct)
    {
        foreach (var resource in stated)
        {
            if (!await _db.Resources.AnyAsync(r => r.Audience == resource.Audience, ct)) { await SetResourceAsync(resource, fromSettings: true, ct); }
        }
    }

    /// <summary>A client as the host states it; the settings' secrets take the place of all others.</summary>
    internal async Task StateAsync(ClientRegistration stated, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        var client = await _db.Clients.Include(c => c.Secrets).FirstOrDefaultAsync(c => c.ClientId == stated.ClientId, ct);
        if (client is null)
        {
            _db.Clients.Add(client = Client.From(stated, now));
        }
        client.Take(stated);
        (client.Kind, client.FromSettings) = (stated.Kind, true);
        var hashes = stated.Secrets.Select(Client.HashOf).ToList();
        client.Secrets.RemoveAll(s => !hashes.Contains(s.Hash));
        foreach (var hash in hashes.Where(hash => client.Secrets.TrueForAll(s => s.Hash != hash)))
        {
            client.Secrets.Add(new ClientSecret { Id = Guid.CreateVersion7(now), ClientId = client.ClientId, Hash = hash, CreatedAt = now });
        }
        if (!_db.ChangeTracker.HasChanges())
        {
            return;
        }
        try
        {
            await SaveAsync(ct);
        }
        catch (DbUpdateException)
        {
            // Another node of the same configuration stated it a moment ago.
            _db.ChangeTracker.Clear();
            if (!await _db.Clients.AnyAsync(c => c.ClientId == stated.ClientId, ct))
            {
                throw;
            }
        }
    }

    private async Task<List<SettingProblem>> ProblemsAsync(ClientRegistration asked, CancellationToken ct, bool isNew = true)
    {
        var problems = asked.Problems().ToList();
        if (isNew && await _db.Clients.AnyAsync(c => c.ClientId == asked.ClientId, ct))
        {
            problems.Add(new("client.id-taken", asked.ClientId));
        }
        var named = asked.Scopes.Except(Scopes.All).ToArray();
        var known = await _db.ApiScopes.Where(s => named.Contains(s.Name)).Select(s => s.Name).ToListAsync(ct);
        problems.AddRange(named.Except(known).Select(scope => new SettingProblem("client.scope-unknown", asked.ClientId, scope)));
        if (asked.IntrospectedAudience is { } audience && !await _db.Resources.AnyAsync(r => r.Audience == audience, ct))
        {
            problems.Add(new("client.audience-unknown", asked.ClientId, audience));
        }
        return problems;
    }

    private async Task<SettingResult> ActAsync(string clientId, Func<Client, Task<SettingResult>> act, CancellationToken ct)
    {
        await using var write = await _db.BeginWriteAsync(ct);
        var client = await _db.Clients.Include(c => c.Secrets).FirstOrDefaultAsync(c => c.ClientId == clientId, ct);
        if (client is null)
        {
            return SettingResult.Refused(new SettingProblem("client.unknown", clientId));
        }
        if (client.FromSettings)
        {
            return SettingResult.Refused(new SettingProblem("client.from-settings", clientId));
        }
        var result = await act(client);
        if (!result.Succeeded)
        {
            _db.ChangeTracker.Clear();
            return result;
        }
        _db.Events.Add(IdentityEvent.Of(IdentityEventKind.ClientChanged, _clock.GetUtcNow(), client: clientId));
        await _db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
        _directory.Forget();
        return result;
    }

    private async Task SaveAsync(CancellationToken ct)
    {
        await using var write = await _db.BeginWriteAsync(ct);
        await _db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
        _directory.Forget();
    }

    private string NewSecret(Client client, DateTimeOffset now)
    {
        var secret = Unguessable.Value();
        var made = new ClientSecret { Id = Guid.CreateVersion7(now), ClientId = client.ClientId, Hash = Client.HashOf(secret), CreatedAt = now, ExpiresAt = now + SecretLifetime };
        client.Secrets.Add(made);
        return secret;
    }
}
