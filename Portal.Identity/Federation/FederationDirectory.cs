using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;

namespace Portal.Identity.Federation;

/// <summary>The providers that are switched on, at one moment.</summary>
internal sealed class Homes(IReadOnlyList<FederatedProvider> enabled, DateTimeOffset readAt)
{
    private readonly Dictionary<string, FederatedProvider> _byDomain =
        enabled.SelectMany(p => p.Domains.Where(d => d.IsConfirmed).Select(d => (d.Domain, Provider: p))).ToDictionary(pair => pair.Domain, pair => pair.Provider, StringComparer.Ordinal);

    public IReadOnlyList<FederatedProvider> Enabled => enabled;
    public DateTimeOffset ReadAt => readAt;

    public FederatedProvider? Find(Guid id) => enabled.FirstOrDefault(p => p.Id == id);

    public FederatedProvider? OfAddress(string? email) => EmailDomain.Of(email?.Trim()) is { } domain ? _byDomain.GetValueOrDefault(domain) : null;

    public bool IsEmergency(Guid account) => enabled.Any(p => p.Forced && p.EmergencyAccountId == account);
}

/// <summary>The providers as every log-in asks for them: kept for five seconds, so that another node's change is known here at most that much later.</summary>
internal sealed class FederationDirectory(IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(5);
    private volatile Homes? _homes;

    public async ValueTask<Homes> ReadAsync(CancellationToken ct)
    {
        if (_homes is { } kept && (clock.GetUtcNow() - kept.ReadAt).Duration() < s_kept) { return kept; }
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var now = clock.GetUtcNow();
        var enabled = await db.FederatedProviders.AsNoTracking().AsSplitQuery().Include(p => p.Domains).Include(p => p.Functions).Where(p => p.Enabled).OrderBy(p => p.CreatedAt).ToListAsync(ct);
        return _homes = new(enabled, now);
    }

    /// <summary>After a change made here.</summary>
    public void Forget() => _homes = null;
}

/// <summary>Who may not come in by password or passkey, because the company's people log in through its provider.</summary>
public sealed class HomeRule
{
    private readonly FederationDirectory _directory;
    private readonly IFederatedPeople _people;

    internal HomeRule(FederationDirectory directory, IFederatedPeople people) => (_directory, _people) = (directory, people);

    /// <summary>The same work whether there is such an account or not.</summary>
    /// <param name="account">Null where there is none.</param>
    internal async ValueTask<bool> BarsAsync(Account? account, CancellationToken ct)
    {
        var forced = (await _directory.ReadAsync(ct)).Enabled.Where(p => p.Forced).ToList();
        if (forced.Count == 0) { return false; }
        var owner = await _people.OwnerOfAsync(Account.SubjectOf(account?.Id ?? Guid.Empty), ct);
        return account is not null && owner is not null && forced.Exists(p => p.Owner == owner) && !forced.Exists(p => p.Owner == owner && p.EmergencyAccountId == account.Id);
    }
}
