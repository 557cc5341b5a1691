using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Keys;
using Portal.Identity.Persistence;
using Portal.Identity.Tokens;

namespace Portal.Identity.Clients;

public enum RiskWeight
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>Should be changed when there is time.</summary>
    Warning,

    /// <summary>Should be changed today.</summary>
    Danger,
}

/// <summary>Something about the provider's settings or clients that could be safer.</summary>
/// <param name="Code">Key of <c>IdentityText</c>, whose sentence takes <paramref name="Subject"/> and <paramref name="Value"/>.</param>
/// <param name="Subject">The client or key that it is about; empty for the provider as a whole.</param>
public sealed record ProviderRisk(RiskWeight Weight, string Code, string Subject = "", string Value = "")
{
    /// <summary>The sentence in English, for the command line.</summary>
    public override string ToString() => Pages.IdentityText.English(Code, Subject, Value);
}

/// <summary>
/// Looks the provider over for what is allowed but could be safer. What is never safe cannot be set in the first place:
/// see <see cref="ClientRegistration.Problems"/> and the options' own validation.
/// </summary>
public sealed class ProviderCheck(IdentityStoreContext db, ClientRegistry clients, SigningKeyLife keys, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_recent = TimeSpan.FromDays(7);

    /// <returns>The heaviest first.</returns>
    public async Task<IReadOnlyList<ProviderRisk>> RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var known = Scopes.All.Concat(await db.ApiScopes.Select(scope => scope.Name).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var risks = Settings().ToList();
        foreach (var client in (await clients.ListAsync(ct)).Where(client => client.Enabled))
        {
            risks.AddRange(Of(client, known, now));
        }
        risks.AddRange((await keys.ListAsync(ct)).Where(key => !key.IsReadable && key.State != SigningKeyState.Revoked).Select(key => new ProviderRisk(RiskWeight.Danger, "risk.key-unreadable", key.Kid)));
        foreach (var home in await db.FederatedProviders.AsNoTracking().Where(p => p.Enabled && p.Forced && p.EmergencyAccountId == null).Select(p => p.Name).ToListAsync(ct)) { risks.Add(new(RiskWeight.Warning, "risk.no-emergency", home)); }
        foreach (var gone in await db.FederatedDomains.AsNoTracking().Where(d => d.MissingSince != null).Select(d => d.Domain).ToListAsync(ct)) { risks.Add(new(RiskWeight.Warning, "risk.domain-unproved", gone)); }
        var since = now - s_recent;
        risks.AddRange((await db.LogoutDeliveries.Where(d => d.GivenUpAt > since).Select(d => d.ClientId).Distinct().ToListAsync(ct)).Select(id => new ProviderRisk(RiskWeight.Warning, "risk.logout-untold", id)));
        return [.. risks.OrderByDescending(risk => risk.Weight).ThenBy(risk => risk.Code, StringComparer.Ordinal).ThenBy(risk => risk.Subject, StringComparer.Ordinal)];
    }

    private IEnumerable<ProviderRisk> Settings()
    {
        var set = options.Value;
        if (set.MasterKey is null) { yield return new(RiskWeight.Danger, "risk.keys-open"); }
        if (set.MasterKeyWasLost) { yield return new(RiskWeight.Danger, "risk.key-was-lost"); }
        if (!set.IsHttps) { yield return new(RiskWeight.Danger, "risk.issuer-plain", Value: set.Issuer); }
        if (set.AccessTokenLifetime > TimeSpan.FromHours(1)) { yield return new(RiskWeight.Warning, "risk.access-token-long", Value: Minutes(set.AccessTokenLifetime)); }
        if (set.SessionAbsoluteLimit > TimeSpan.FromHours(24)) { yield return new(RiskWeight.Warning, "risk.session-long", Value: Hours(set.SessionAbsoluteLimit)); }
        if (set.RefreshAbsoluteLimit > TimeSpan.FromDays(90)) { yield return new(RiskWeight.Warning, "risk.refresh-long", Value: Hours(set.RefreshAbsoluteLimit)); }
        if (set.FederationAllowsPrivateAddresses) { yield return new(RiskWeight.Note, "risk.federation-private"); }
        foreach (var host in set.LogoutHosts) { yield return new(RiskWeight.Note, "risk.logout-host", Value: host); }
    }

    private IEnumerable<ProviderRisk> Of(Client client, HashSet<string> known, DateTimeOffset now)
    {
        var (id, forPeople) = (client.ClientId, client.Has(GrantTypes.Code));
        var live = client.Secrets.Where(secret => secret.IsLive(now)).ToList();
        if (client is { Kind: ClientKind.Confidential, PublicKeys: null })
        {
            if (live.Count == 0) { yield return new(RiskWeight.Danger, "risk.secret-expired", id); }
            else if (live.TrueForAll(secret => secret.ExpiresAt is { } end && end - now < s_soon)) { yield return new(RiskWeight.Warning, "risk.secret-expires", id, live.Max(secret => secret.ExpiresAt)!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); }
            if (live.Exists(secret => secret.ExpiresAt is null)) { yield return new(RiskWeight.Note, "risk.secret-endless", id); }
        }
        foreach (var uri in client.RedirectUris.Select(uri => new Uri(uri)))
        {
            if (uri.Scheme == Uri.UriSchemeHttp && client.Kind != ClientKind.Native && options.Value.IsHttps) { yield return new(RiskWeight.Warning, "risk.redirect-plain", id, uri.OriginalString); }
            if (!client.AsksConsent && !client.FromSettings && !uri.IsLoopback && uri.Host != options.Value.IssuerUri.Host) { yield return new(RiskWeight.Warning, "risk.elsewhere-without-consent", id, uri.Host); }
        }
        var origins = client.RedirectUris.Select(uri => new Uri(uri).GetLeftPart(UriPartial.Authority)).ToHashSet(StringComparer.Ordinal);
        foreach (var origin in client.CorsOrigins.Where(origin => !origins.Contains(origin))) { yield return new(RiskWeight.Warning, "risk.origin-elsewhere", id, origin); }
        if (client.Kind != ClientKind.Confidential && client.Scopes.Contains(Scopes.OfflineAccess)) { yield return new(RiskWeight.Warning, "risk.public-offline", id); }
        if (forPeople && client.LogoutUri is null && !client.FromSettings && client.Kind == ClientKind.Confidential) { yield return new(RiskWeight.Note, "risk.logout-nowhere", id); }
        foreach (var scope in client.Scopes.Where(scope => !known.Contains(scope))) { yield return new(RiskWeight.Warning, "risk.scope-gone", id, scope); }
    }

    private static string Minutes(TimeSpan time) => ((int)time.TotalMinutes).ToString(CultureInfo.InvariantCulture);

    private static string Hours(TimeSpan time) => ((int)time.TotalHours).ToString(CultureInfo.InvariantCulture);
}
