using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Endpoints;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;

namespace Portal.Identity.Federation;

/// <summary>What an administrator states about a company's provider.</summary>
/// <param name="ClientSecret">Null keeps the one that is there; empty takes it away.</param>
/// <param name="Functions">Value of the claim, empty for everybody, and the host's function.</param>
public sealed record FederationSettings(
    string Name, string ClientId, string? ClientSecret, string Scope, string FunctionsClaim, IReadOnlyList<(string Value, string Function)> Functions, bool Admits, bool VouchesForEmails);

/// <summary>Somebody of the company's provider, as an administrator sees it.</summary>
public sealed record FederatedPersonLine(string Subject, string Email, bool MadeAccount, DateTimeOffset LinkedAt, DateTimeOffset? LastUsedAt);

/// <summary>What a try of the connection found.</summary>
/// <param name="Fault">In English; null where document and keys could be read.</param>
public sealed record FederationTry(string? Fault, int Keys, bool SaysIssuer, bool NamesPkce);

/// <summary>The acts on companies' own providers that an administrator's page or a command may take. Unsafe settings are refused.</summary>
public sealed class FederationRegistry
{
    /// <summary>Where everybody can have an address: nobody's company.</summary>
    private static readonly HashSet<string> s_publicDomains = new(StringComparer.Ordinal)
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "gmx.com",
        "web.de", "t-online.de", "freenet.de", "posteo.de", "mail.com", "mail.ru", "yandex.ru", "yandex.com", "qq.com", "163.com", "126.com", "sina.com", "sina.cn", "sohu.com", "foxmail.com", "yeah.net", "139.com", "189.cn",
        "aliyun.com", "orange.fr", "free.fr", "laposte.net", "libero.it", "btinternet.com", "comcast.net", "zoho.com", "fastmail.com", "tutanota.com", "hey.com",
    };

    private readonly IdentityStoreContext _db;
    private readonly FederationDirectory _directory;
    private readonly FederationDocuments _documents;
    private readonly FederationChannel _channel;
    private readonly FederationSeals _seals;
    private readonly IFederatedPeople _people;
    private readonly AccountLife _life;
    private readonly IOptions<PortalIdentityOptions> _options;
    private readonly TimeProvider _clock;

    internal FederationRegistry(
        IdentityStoreContext db, FederationDirectory directory, FederationDocuments documents, FederationChannel channel, FederationSeals seals, IFederatedPeople people, AccountLife life, IOptions<PortalIdentityOptions> options,
        TimeProvider clock) =>
        (_db, _directory, _documents, _channel, _seals, _people, _life, _options, _clock) = (db, directory, documents, channel, seals, people, life, options, clock);

    /// <summary>The subject of the account that acts, for the log; null where no account does.</summary>
    public string? Actor { get; set; }

    private IdentityEvent Changed(Guid provider, DateTimeOffset now) =>
        IdentityEvent.Of(IdentityEventKind.FederationChanged, now, Guid.TryParseExact(Actor, "N", out var actor) ? actor : null, client: provider.ToString("N"));

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<FederatedProvider>> ListAsync(CancellationToken ct) =>
        await _db.FederatedProviders.AsNoTracking().AsSplitQuery().Include(p => p.Domains.OrderBy(d => d.Domain)).Include(p => p.Functions).OrderBy(p => p.Name).ThenBy(p => p.Id).ToListAsync(ct);

    public async Task<FederatedProvider?> FindAsync(Guid id, CancellationToken ct) =>
        await _db.FederatedProviders.AsNoTracking().AsSplitQuery().Include(p => p.Domains.OrderBy(d => d.Domain)).Include(p => p.Functions.OrderBy(f => f.Value).ThenBy(f => f.Function)).FirstOrDefaultAsync(p => p.Id == id, ct);

    /// <summary>The address to register there as the redirect address.</summary>
    public string RedirectUriOf(Guid id) => _options.Value.Issuer + Routes.FederationCallback.Replace("{provider}", id.ToString("N"), StringComparison.Ordinal);

    /// <summary>The address to register there for log-outs (back-channel).</summary>
    public string LogoutUriOf(Guid id) => _options.Value.Issuer + Routes.FederationLogout.Replace("{provider}", id.ToString("N"), StringComparison.Ordinal);

    /// <summary>A new provider, switched off.</summary>
    /// <returns>Its id, or why it is refused.</returns>
    public async Task<(Guid? Id, IReadOnlyList<SettingProblem> Problems)> AddAsync(string owner, string issuer, FederationSettings asked, CancellationToken ct)
    {
        issuer = issuer.Trim();
        var problems = Problems(asked).ToList();
        if (issuer.Length > 500 || !_channel.Allows(issuer, out var parsed) || parsed.Query.Length > 0) { problems.Add(new("federation.issuer-unsafe", issuer)); }
        else if (issuer.TrimEnd('/') == _options.Value.Issuer) { problems.Add(new("federation.issuer-own", issuer)); }
        if (problems.Count > 0) { return (null, problems); }
        var now = _clock.GetUtcNow();
        var provider = new FederatedProvider { Id = Guid.CreateVersion7(now), Owner = owner, Name = asked.Name.Trim(), Issuer = issuer, ClientId = asked.ClientId.Trim(), CreatedAt = now };
        Take(provider, asked);
        _db.FederatedProviders.Add(provider);
        _db.Events.Add(Changed(provider.Id, now));
        await SaveAsync(ct);
        return (provider.Id, []);
    }

    /// <summary>Brings a provider to new settings. Company and issuer stay: another one is another provider.</summary>
    public Task<SettingResult> ChangeAsync(Guid id, FederationSettings asked, CancellationToken ct) => ActAsync(id, provider =>
    {
        var problems = Problems(asked).ToList();
        if (problems.Count == 0) { Take(provider, asked); }
        return Task.FromResult(SettingResult.Refused(problems));
    }, ct);

    /// <summary>States that a domain is the company's. One domain has one provider.</summary>
    /// <param name="confirmedBy">Who says so.</param>
    /// <param name="evidence">How it was found out.</param>
    public Task<SettingResult> AddDomainAsync(Guid id, string domain, string confirmedBy, string evidence, CancellationToken ct) => ActAsync(id, async provider =>
    {
        if (EmailDomain.Normalize(domain) is not { } name) { return SettingResult.Refused(new SettingProblem("federation.domain-invalid", domain.Trim())); }
        if (s_publicDomains.Contains(name)) { return SettingResult.Refused(new SettingProblem("federation.domain-public", name)); }
        if (string.IsNullOrWhiteSpace(evidence)) { return SettingResult.Refused(new SettingProblem("federation.evidence-missing", name)); }
        if (await _db.FederatedDomains.AnyAsync(d => d.Domain == name, ct)) { return SettingResult.Refused(new SettingProblem("federation.domain-taken", name)); }
        var text = evidence.Trim();
        provider.Domains.Add(new FederatedDomain { Domain = name, ProviderId = id, ConfirmedAt = _clock.GetUtcNow(), ConfirmedBy = confirmedBy, Evidence = text.Length <= 300 ? text : text[..300] });
        return SettingResult.Done();
    }, ct);

    public Task<SettingResult> RemoveDomainAsync(Guid id, string domain, CancellationToken ct) => ActAsync(id, provider =>
    {
        provider.Domains.RemoveAll(d => d.Domain == domain);
        return Task.FromResult(SettingResult.Done());
    }, ct);

    /// <summary>Switched off, nobody comes in by it, and whoever came is logged out; passwords count again.</summary>
    public Task<SettingResult> SetEnabledAsync(Guid id, bool enabled, CancellationToken ct) => ActAsync(id, async provider =>
    {
        if (enabled && provider.Domains.Count == 0) { return SettingResult.Refused(new SettingProblem("federation.domain-missing", provider.Name)); }
        provider.Enabled = enabled;
        if (!enabled)
        {
            var now = _clock.GetUtcNow();
            foreach (var session in await _db.Sessions.Where(s => s.FederatedProviderId == id && s.EndedAt == null).Select(s => s.Id).ToListAsync(ct)) { await _db.EndSessionAsync(session, SessionEnd.EndedByAdministrator, now, ct); }
        }
        return SettingResult.Done();
    }, ct);

    /// <summary>Not before somebody has come in by it: else a wrong setting locks a whole company out.</summary>
    public Task<SettingResult> SetForcedAsync(Guid id, bool forced, CancellationToken ct) => ActAsync(id, provider =>
    {
        if (forced && (!provider.Enabled || provider.LastLogInAt is null)) { return Task.FromResult(SettingResult.Refused(new SettingProblem("federation.untried", provider.Name))); }
        provider.Forced = forced;
        return Task.FromResult(SettingResult.Done());
    }, ct);

    /// <summary>Names the account that goes on logging in by password while all others may not. It must have a second factor.</summary>
    /// <param name="subject">Null for none.</param>
    public Task<SettingResult> SetEmergencyAsync(Guid id, string? subject, CancellationToken ct) => ActAsync(id, async provider =>
    {
        if (subject is null)
        {
            provider.EmergencyAccountId = null;
            return SettingResult.Done();
        }
        if (!Guid.TryParseExact(subject, "N", out var key) || await _db.Users.AsNoTracking().FirstOrDefaultAsync(a => a.Id == key && a.State == AccountState.Active, ct) is not { } account
            || await _people.OwnerOfAsync(subject, ct) != provider.Owner)
        {
            return SettingResult.Refused(new SettingProblem("federation.emergency-foreign", provider.Name));
        }
        if (account.PasswordHash is null || account.AuthenticatorSecret is null) { return SettingResult.Refused(new SettingProblem("federation.emergency-weak", account.Email!)); }
        provider.EmergencyAccountId = key;
        return SettingResult.Done();
    }, ct);

    /// <summary>Reads document and keys now.</summary>
    public async Task<FederationTry> TryAsync(Guid id, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } provider) { return new("There is no such provider.", 0, false, false); }
        var (document, fault) = await _documents.TryAsync(provider.Issuer, ct);
        return document is null ? new(fault, 0, false, false) : new(null, document.Keys.Count, document.SaysIssuer, document.NamesPkce);
    }

    /// <summary>The latest linked first.</summary>
    public async Task<IReadOnlyList<FederatedPersonLine>> PeopleAsync(Guid id, int most, CancellationToken ct) =>
        await _db.FederatedLinks.AsNoTracking().Where(l => l.ProviderId == id).OrderByDescending(l => l.CreatedAt).Take(most)
            .Join(_db.Users, l => l.AccountId, a => a.Id, (l, a) => new { Link = l, a.Email, a.Id }).Select(x => new { x.Link, x.Email, x.Id }).ToListAsync(ct) is { } found
            ? [.. found.Select(x => new FederatedPersonLine(Account.SubjectOf(x.Id), x.Email!, x.Link.MadeAccount, x.Link.CreatedAt, x.Link.LastUsedAt))] : [];

    /// <summary>Takes the link between an account and the provider away and logs the person out; the person is told. Who has no other credential is to be invited again.</summary>
    public async Task<SettingResult> UnlinkAsync(Guid id, string subject, CancellationToken ct)
    {
        if (!Guid.TryParseExact(subject, "N", out var key) || await _db.Users.FirstOrDefaultAsync(a => a.Id == key, ct) is not { } account) { return SettingResult.Refused(new SettingProblem("account.unknown", subject)); }
        await using (var write = await _db.BeginWriteAsync(ct))
        {
            if (await _db.FederatedLinks.Where(l => l.ProviderId == id && l.AccountId == key).ExecuteDeleteAsync(ct) == 0) { return SettingResult.Done(); }
            var hasMore = account.PasswordHash is not null || await _db.Set<IdentityUserPasskey<Guid>>().AnyAsync(p => p.UserId == key, ct) || await _db.FederatedLinks.AnyAsync(l => l.AccountId == key, ct);
            if (!hasMore && account.State is AccountState.Active) { account.State = AccountState.Invited; }
            await _life.ChangeCredentialsAsync(account, IdentityEventKind.FederationUnlinked, except: null, notify: true, null, null, ct);
            await write.CommitAsync(ct);
        }
        _life.Told();
        return SettingResult.Done();
    }

    private void Take(FederatedProvider provider, FederationSettings asked)
    {
        (provider.Name, provider.ClientId, provider.Scope, provider.FunctionsClaim) = (asked.Name.Trim(), asked.ClientId.Trim(), asked.Scope.Trim(), asked.FunctionsClaim.Trim());
        (provider.Admits, provider.VouchesForEmails) = (asked.Admits, asked.VouchesForEmails);
        if (asked.ClientSecret is { } secret) { provider.SealedSecret = secret.Length == 0 ? null : _seals.SealSecret(secret); }
        var wanted = asked.Functions.Select(f => (Value: f.Value.Trim(), Function: f.Function.Trim())).Distinct().ToList();
        provider.Functions.RemoveAll(f => !wanted.Contains((f.Value, f.Function)));
        foreach (var (value, function) in wanted.Where(w => provider.Functions.TrueForAll(f => (f.Value, f.Function) != w)).ToList())
        {
            provider.Functions.Add(new FederatedFunction { ProviderId = provider.Id, Value = value, Function = function });
        }
    }

    private static IEnumerable<SettingProblem> Problems(FederationSettings asked)
    {
        if (asked.Name.Trim().Length is 0 or > 120) { yield return new("federation.name-missing", ""); }
        if (asked.ClientId.Trim() is not { Length: > 0 and <= 255 } id || id.Any(char.IsControl)) { yield return new("federation.client-missing", ""); }
        if (asked.ClientSecret is { Length: > 500 }) { yield return new("federation.secret-long", ""); }
        if (asked.Scope.Length > 300 || !asked.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains("openid") || asked.Scope.Any(c => c is < ' ' or > '~' or '"' or '\\')) { yield return new("federation.scope-invalid", asked.Scope); }
        if (asked.FunctionsClaim.Trim() is not { Length: > 0 and <= 120 }) { yield return new("federation.claim-missing", ""); }
        if (asked.Functions.Count > 200 || asked.Functions.Any(f => f.Value.Trim().Length > 200 || f.Function.Trim().Length is 0 or > 60)) { yield return new("federation.functions-invalid", ""); }
        if (asked.Admits && asked.Functions.Count == 0) { yield return new("federation.functions-missing", ""); }
    }

    private async Task<SettingResult> ActAsync(Guid id, Func<FederatedProvider, Task<SettingResult>> act, CancellationToken ct)
    {
        await using var write = await _db.BeginWriteAsync(ct);
        if (await _db.FederatedProviders.AsSplitQuery().Include(p => p.Domains).Include(p => p.Functions).FirstOrDefaultAsync(p => p.Id == id, ct) is not { } provider)
        {
            return SettingResult.Refused(new SettingProblem("federation.unknown", id.ToString("N")));
        }
        var result = await act(provider);
        if (!result.Succeeded)
        {
            _db.ChangeTracker.Clear();
            return result;
        }
        _db.Events.Add(Changed(id, _clock.GetUtcNow()));
        try
        {
            await _db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            _db.ChangeTracker.Clear();
            return SettingResult.Refused(new SettingProblem("account.changed-meanwhile", ""));
        }
        await write.CommitAsync(ct);
        _directory.Forget();
        _life.Told();
        return result;
    }

    private async Task SaveAsync(CancellationToken ct)
    {
        await using var write = await _db.BeginWriteAsync(ct);
        await _db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
        _directory.Forget();
    }
}
