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
    private readonly DomainRecords _records;
    private readonly IFederatedPeople _people;
    private readonly IFederationTrail _trail;
    private readonly AccountLife _life;
    private readonly IOptions<PortalIdentityOptions> _options;
    private readonly TimeProvider _clock;

    internal FederationRegistry(
        IdentityStoreContext db, FederationDirectory directory, FederationDocuments documents, FederationChannel channel, FederationSeals seals, DomainRecords records, IFederatedPeople people, IFederationTrail trail, AccountLife life,
        IOptions<PortalIdentityOptions> options, TimeProvider clock) =>
        (_db, _directory, _documents, _channel, _seals, _records, _people, _trail, _life, _options, _clock) = (db, directory, documents, channel, seals, records, people, trail, life, options, clock);

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
        var fields = FederationFields.Of(_db);
        await using (var write = await _db.BeginWriteAsync(ct))
        {
            await _db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        _directory.Forget();
        await _trail.NoteAsync(new(owner, provider.Name, FederationAct.Created, fields), ct);
        return (provider.Id, []);
    }

    /// <summary>Brings a provider to new settings. Company and issuer stay: another one is another provider.</summary>
    public Task<SettingResult> ChangeAsync(Guid id, FederationSettings asked, CancellationToken ct) => ActAsync(id, provider =>
    {
        var problems = Problems(asked).ToList();
        if (problems.Count == 0) { Take(provider, asked); }
        return Task.FromResult(SettingResult.Refused(problems));
    }, ct);

    /// <summary>Adds a domain that counts as soon as its owner has set the record: see <see cref="FederatedDomain.Record"/> and <see cref="CheckDomainAsync"/>. One domain has one provider.</summary>
    /// <param name="askedBy">Who adds it.</param>
    public Task<SettingResult> AddDomainAsync(Guid id, string domain, string askedBy, CancellationToken ct) =>
        ActAsync(id, async provider => SettingResult.Refused((await TakeDomainAsync(provider, domain, askedBy, ct)).Problems), ct);

    /// <summary>Looks for the record now. A domain that was stated counts by its record from then on.</summary>
    public async Task<SettingResult> CheckDomainAsync(Guid id, string domain, string askedBy, CancellationToken ct)
    {
        if ((await FindAsync(id, ct))?.Domains.Find(d => d.Domain == EmailDomain.Normalize(domain)) is not { } known) { return SettingResult.Refused(new SettingProblem("federation.domain-unknown", domain.Trim())); }
        // Not within the turn to write: an answer may take seconds.
        var (found, fault) = await _records.LookAsync(known.Domain, known.Record, ct);
        if (found is null) { return SettingResult.Refused(new SettingProblem("federation.domain-unanswered", known.Domain, fault!)); }
        if (found is false) { return SettingResult.Refused(new SettingProblem("federation.domain-record-missing", known.Domain, known.Record)); }
        return await ActAsync(id, provider =>
        {
            if (provider.Domains.Find(d => d.Domain == known.Domain) is not { } proved) { return Task.FromResult(SettingResult.Refused(new SettingProblem("federation.domain-unknown", known.Domain))); }
            var now = _clock.GetUtcNow();
            if (proved.Proof is not DomainProof.Record) { (proved.ConfirmedAt, proved.ConfirmedBy, proved.Proof, proved.Evidence) = (now, askedBy, DomainProof.Record, ""); }
            (proved.SeenAt, proved.MissingSince) = (now, null);
            return Task.FromResult(SettingResult.Done());
        }, ct);
    }

    /// <summary>For a domain whose record cannot be set or asked for: somebody of the house states that it is the company's.</summary>
    /// <param name="statedBy">Who says so.</param>
    /// <param name="evidence">How it was found out.</param>
    public Task<SettingResult> StateDomainAsync(Guid id, string domain, string statedBy, string evidence, CancellationToken ct) => ActAsync(id, async provider =>
    {
        if (string.IsNullOrWhiteSpace(evidence)) { return SettingResult.Refused(new SettingProblem("federation.evidence-missing", domain.Trim())); }
        var (stated, problems) = provider.Domains.Find(d => d.Domain == EmailDomain.Normalize(domain)) is { } known ? (known, []) : await TakeDomainAsync(provider, domain, statedBy, ct);
        if (stated is null) { return SettingResult.Refused(problems); }
        var text = evidence.Trim();
        (stated.ConfirmedAt, stated.ConfirmedBy, stated.Proof, stated.Evidence) = (_clock.GetUtcNow(), statedBy, DomainProof.Statement, text.Length <= 300 ? text : text[..300]);
        stated.MissingSince = null;
        return SettingResult.Done();
    }, ct);

    private async Task<(FederatedDomain? Domain, SettingProblem[] Problems)> TakeDomainAsync(FederatedProvider provider, string domain, string askedBy, CancellationToken ct)
    {
        if (EmailDomain.Normalize(domain) is not { } name) { return (null, [new("federation.domain-invalid", domain.Trim())]); }
        if (s_publicDomains.Contains(name)) { return (null, [new("federation.domain-public", name)]); }
        if (await _db.FederatedDomains.AnyAsync(d => d.Domain == name, ct)) { return (null, [new("federation.domain-taken", name)]); }
        var taken = new FederatedDomain { Domain = name, ProviderId = provider.Id, ConfirmedAt = _clock.GetUtcNow(), ConfirmedBy = askedBy };
        provider.Domains.Add(taken);
        return (taken, []);
    }

    public Task<SettingResult> RemoveDomainAsync(Guid id, string domain, CancellationToken ct) => ActAsync(id, provider =>
    {
        provider.Domains.RemoveAll(d => d.Domain == domain);
        return Task.FromResult(SettingResult.Done());
    }, ct);

    /// <summary>Switched off, nobody comes in by it, and whoever came is logged out; passwords count again.</summary>
    public Task<SettingResult> SetEnabledAsync(Guid id, bool enabled, CancellationToken ct) => ActAsync(id, async provider =>
    {
        if (enabled && !provider.Domains.Exists(d => d.IsConfirmed)) { return SettingResult.Refused(new SettingProblem("federation.domain-missing", provider.Name)); }
        provider.Enabled = enabled;
        if (enabled) { await EndOtherWaysAsync(provider, ct); }
        else
        {
            var now = _clock.GetUtcNow();
            foreach (var session in await _db.Sessions.Where(s => s.FederatedProviderId == id && s.EndedAt == null).Select(s => s.Id).ToListAsync(ct)) { await _db.EndSessionAsync(session, SessionEnd.EndedByAdministrator, now, ct); }
        }
        return SettingResult.Done();
    }, ct);

    /// <summary>Not before somebody has come in by it: else a wrong setting locks a whole company out. What the company's people began by other ways ends, but for the emergency account's.</summary>
    public Task<SettingResult> SetForcedAsync(Guid id, bool forced, CancellationToken ct) => ActAsync(id, async provider =>
    {
        if (forced && (!provider.Enabled || provider.LastLogInAt is null)) { return SettingResult.Refused(new SettingProblem("federation.untried", provider.Name)); }
        provider.Forced = forced;
        await EndOtherWaysAsync(provider, ct);
        return SettingResult.Done();
    }, ct);

    /// <summary>Where the provider is the only way in: ends the sessions of the company's people that did not begin by it, with whatever was issued in them.</summary>
    private async Task EndOtherWaysAsync(FederatedProvider provider, CancellationToken ct)
    {
        if (provider is not { Enabled: true, Forced: true }) { return; }
        var now = _clock.GetUtcNow();
        var people = (await _people.SubjectsOfAsync(provider.Owner, ct)).Select(subject => Guid.TryParseExact(subject, "N", out var key) ? key : Guid.Empty).Where(key => key != Guid.Empty && key != provider.EmergencyAccountId);
        foreach (var some in people.Chunk(500))
        {
            foreach (var session in await _db.Sessions.Where(s => some.Contains(s.AccountId) && s.EndedAt == null && s.FederatedProviderId != provider.Id).Select(s => s.Id).ToListAsync(ct))
            {
                await _db.EndSessionAsync(session, SessionEnd.EndedByAdministrator, now, ct);
            }
            // Lasting access of a session that is over outlives it.
            await _db.Grants.Where(g => some.Contains(g.AccountId) && g.RevokedAt == null && !_db.Sessions.Any(s => s.Id == g.SessionId && s.FederatedProviderId == provider.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), ct);
        }
    }

    /// <summary>
    /// Deletes the provider with its links. Its people stay, are logged out, and are told to choose a password by e-mail. One that is the only way in is deleted only
    /// where that is confirmed.
    /// </summary>
    public async Task<SettingResult> RemoveAsync(Guid id, bool confirmed, CancellationToken ct)
    {
        FederatedProvider? provider;
        IReadOnlyList<(string, string?, string?)> fields;
        await using (var write = await _db.BeginWriteAsync(ct))
        {
            provider = await _db.FederatedProviders.AsSplitQuery().Include(p => p.Domains).Include(p => p.Functions).FirstOrDefaultAsync(p => p.Id == id, ct);
            if (provider is null) { return SettingResult.Refused(new SettingProblem("federation.unknown", id.ToString("N"))); }
            if (provider is { Enabled: true, Forced: true } && !confirmed) { return SettingResult.Refused(new SettingProblem("federation.forced-still", provider.Name)); }
            var people = await _db.FederatedLinks.Where(l => l.ProviderId == id).Join(_db.Users, l => l.AccountId, a => a.Id, (_, a) => a).ToListAsync(ct);
            await _db.FederatedLinks.Where(l => l.ProviderId == id).ExecuteDeleteAsync(ct);
            await _db.FederationAttempts.Where(a => a.ProviderId == id).ExecuteDeleteAsync(ct);
            foreach (var account in people) { await _life.LoseProviderAsync(account, provider.Name, ct); }
            _db.FederatedProviders.Remove(provider);
            _db.Events.Add(Changed(id, _clock.GetUtcNow()));
            fields = FederationFields.Of(_db);
            await _db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        _directory.Forget();
        _life.Told();
        await _trail.NoteAsync(new(provider.Owner, provider.Name, FederationAct.Deleted, fields), ct);
        return SettingResult.Done();
    }

    /// <summary>Names the account that goes on logging in by password while all others may not. It must have a second factor.</summary>
    /// <param name="subject">Null for none.</param>
    public Task<SettingResult> SetEmergencyAsync(Guid id, string? subject, CancellationToken ct) => ActAsync(id, async provider =>
    {
        if (subject is null)
        {
            provider.EmergencyAccountId = null;
            await EndOtherWaysAsync(provider, ct);
            return SettingResult.Done();
        }
        if (!Guid.TryParseExact(subject, "N", out var key) || await _db.Users.AsNoTracking().FirstOrDefaultAsync(a => a.Id == key && a.State == AccountState.Active, ct) is not { } account
            || await _people.OwnerOfAsync(subject, ct) != provider.Owner)
        {
            return SettingResult.Refused(new SettingProblem("federation.emergency-foreign", provider.Name));
        }
        if (account.PasswordHash is null || account.AuthenticatorSecret is null) { return SettingResult.Refused(new SettingProblem("federation.emergency-weak", account.Email!)); }
        provider.EmergencyAccountId = key;
        await EndOtherWaysAsync(provider, ct);
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
        if (await FindAsync(id, ct) is { } provider) { await _trail.NoteAsync(new(provider.Owner, provider.Name, FederationAct.Changed, [("Link", account.Email, null)]), ct); }
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
        var (result, change) = await WriteAsync(id, act, ct);
        // The host writes in a turn of its own.
        if (change is not null) { await _trail.NoteAsync(change, ct); }
        return result;
    }

    private async Task<(SettingResult Result, FederationChange? Change)> WriteAsync(Guid id, Func<FederatedProvider, Task<SettingResult>> act, CancellationToken ct)
    {
        await using var write = await _db.BeginWriteAsync(ct);
        if (await _db.FederatedProviders.AsSplitQuery().Include(p => p.Domains).Include(p => p.Functions).FirstOrDefaultAsync(p => p.Id == id, ct) is not { } provider)
        {
            return (SettingResult.Refused(new SettingProblem("federation.unknown", id.ToString("N"))), null);
        }
        var result = await act(provider);
        if (!result.Succeeded)
        {
            _db.ChangeTracker.Clear();
            return (result, null);
        }
        _db.Events.Add(Changed(id, _clock.GetUtcNow()));
        var fields = FederationFields.Of(_db);
        try
        {
            await _db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            _db.ChangeTracker.Clear();
            return (SettingResult.Refused(new SettingProblem("account.changed-meanwhile", "")), null);
        }
        await write.CommitAsync(ct);
        _directory.Forget();
        _life.Told();
        return (result, fields.Count == 0 ? null : new(provider.Owner, provider.Name, FederationAct.Changed, fields));
    }
}
