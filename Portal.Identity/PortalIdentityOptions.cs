using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Portal.Identity.Clients;

namespace Portal.Identity;

/// <summary>Settings of the OpenID Connect provider. Validated at start: an unsafe value stops the host.</summary>
public sealed class PortalIdentityOptions
{
    /// <summary>
    /// The issuer exactly as clients compare it, without a slash at the end; its path is where the endpoints are mapped.
    /// Https, except on a loopback host. Nothing in a request changes it.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>Chooses the engine of <see cref="Persistence.IdentityStoreContext"/>.</summary>
    public Action<IServiceProvider, DbContextOptionsBuilder>? Database { get; set; }

    /// <summary>Shares the engine's turn-taking with the rest of the program; null where the engine needs none.</summary>
    public Func<IServiceProvider, CancellationToken, ValueTask<IDisposable>>? EnterWrite { get; set; }

    /// <summary>Whether other processes write to the store too: nothing of it is then kept in memory.</summary>
    public Func<IServiceProvider, bool> StoreIsSharedBy { get; set; } = _ => true;

    /// <summary>Opens the keys in the database; null leaves them lying open, which the self-check names.</summary>
    public Func<IServiceProvider, Keys.MasterKey>? MasterKey { get; set; }

    /// <summary>Says that the master key of the database is gone for good: new keys are made, and everybody logs in again.</summary>
    public bool MasterKeyWasLost { get; set; }

    /// <summary>Where a person is sent whose task has expired: usually the application's first page.</summary>
    public string HomeUrl { get; set; } = "/";

    /// <summary>The name above the log-in form.</summary>
    public string ProductName { get; set; } = "Portal";

    /// <summary>Addresses of the style sheets that the pages link to, on the provider's own origin.</summary>
    public IList<string> Stylesheets { get; } = ["/lib/inter/wght.css", "/lib/tabler/tabler.min.css", "/css/portal.css"];

    /// <summary>The cookie in which the host keeps whether a person chose <c>light</c> or <c>dark</c>; without it the pages follow the person's system. Over https its name bears the prefix <c>__Host-</c> besides.</summary>
    public string ThemeCookie { get; set; } = "portal-theme";

    /// <summary>Clients written to the database at start; an existing one with the same id is brought to these values.</summary>
    public IList<ClientRegistration> Clients { get; } = [];

    /// <summary>APIs written to the database at start, as the clients are.</summary>
    public IList<ResourceRegistration> Resources { get; } = [];

    /// <summary>Hosts on networks of the house that log-outs may be told to; any other receiver must be on the public internet.</summary>
    public IList<string> LogoutHosts { get; } = [];

    /// <summary>Carries log-out messages instead of the guarded way out; for hosts that have one of their own.</summary>
    public HttpMessageHandler? LogoutTransport { get; set; }

    /// <summary>Whether companies' own providers may lie on networks that are not public, and on this machine without encryption.</summary>
    public bool FederationAllowsPrivateAddresses { get; set; }

    /// <summary>Carries the calls to companies' own providers instead of the guarded way out; for hosts that have one of their own.</summary>
    public HttpMessageHandler? FederationTransport { get; set; }

    /// <summary>The name servers that are asked for the records of domains, as address or address and port; none for those of the machine.</summary>
    public IList<string> FederationDnsServers { get; } = [];

    /// <summary>At most 60 seconds.</summary>
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromSeconds(60);

    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);
    public TimeSpan IdTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A refresh token unused for this long is dead.</summary>
    public TimeSpan RefreshIdleLimit { get; set; } = TimeSpan.FromDays(14);

    /// <summary>The whole family of refresh tokens is dead this long after the log-in that began it.</summary>
    public TimeSpan RefreshAbsoluteLimit { get; set; } = TimeSpan.FromDays(60);

    /// <summary>How long a client that proves itself may repeat a refresh whose answer got lost. At most 10 seconds.</summary>
    public TimeSpan RefreshGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a pushed authorization request waits for the browser. At most 90 seconds.</summary>
    public TimeSpan PushedRequestLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A session unused for this long is over.</summary>
    public TimeSpan SessionIdleLimit { get; set; } = TimeSpan.FromHours(8);

    /// <summary>A session is over this long after its log-in, used or not.</summary>
    public TimeSpan SessionAbsoluteLimit { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long a log-in form may stay open before it must be asked for again.</summary>
    public TimeSpan InteractionLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Failed log-ins that one network address may cause in a minute before its next ones are refused unread.</summary>
    public int FailuresPerAddressAndMinute { get; set; } = 30;

    /// <summary>The same for all addresses of one network (IPv4 /24, IPv6 /48) together.</summary>
    public int FailuresPerNetworkAndMinute { get; set; } = 100;

    /// <summary>Wrong proofs of one client from one address in a minute, after which its next ones are refused unread.</summary>
    public int ClientFailuresPerAddressAndMinute { get; set; } = 30;

    /// <summary>Whether the account with this subject must have a second factor, by the host's rules; null: nobody must.</summary>
    public Func<IServiceProvider, string, CancellationToken, ValueTask<bool>>? NeedsSecondFactor { get; set; }

    /// <summary>
    /// How many characters a new password of the account with this subject must have, by the host's rules; null: 12. Fewer than 12 are never enough. A subject that the host
    /// does not know is somebody of whom it knows nothing yet.
    /// </summary>
    public Func<IServiceProvider, string, CancellationToken, ValueTask<int>>? ShortestPassword { get; set; }

    /// <summary>Told the subject and the new e-mail address of an account, at least once and after the change holds; the host keeps its own records in step.</summary>
    public Func<IServiceProvider, string, string, CancellationToken, Task>? EmailChanged { get; set; }

    /// <summary>
    /// Told issuer and subject of a session of the host that ended while it showed somebody else's view, and when it ended, at least once and soon after. See
    /// <see cref="Sessions.HostSession.ViewingPerson"/>.
    /// </summary>
    public Func<IServiceProvider, string, string, DateTimeOffset, CancellationToken, Task>? ViewEnded { get; set; }

    /// <summary>A file with more passwords that are refused, one a line, besides the list that comes with the program; empty for none.</summary>
    public string BreachedPasswords { get; set; } = "";

    /// <summary>What every host takes from the section <c>Identity</c> of its settings.</summary>
    /// <param name="keyFile">Where the master key lies, unless the settings hold it or name another file.</param>
    public void Take(IConfiguration settings, Func<IServiceProvider, string> keyFile)
    {
        SessionIdleLimit = TimeSpan.FromHours(settings.GetValue("Identity:SessionIdleHours", SessionIdleLimit.TotalHours));
        SessionAbsoluteLimit = TimeSpan.FromHours(settings.GetValue("Identity:SessionHours", SessionAbsoluteLimit.TotalHours));
        MasterKey = provider => settings["Identity:MasterKey"] is { Length: > 0 } text ? Keys.MasterKey.FromText(text, "Identity:MasterKey")
            : Keys.MasterKey.FromFile(settings["Identity:KeyFile"] is { Length: > 0 } file ? file : keyFile(provider));
        foreach (var host in settings.GetSection("Identity:LogoutHosts").Get<string[]>() ?? []) { LogoutHosts.Add(host); }
        FederationAllowsPrivateAddresses = settings.GetValue("Identity:Federation:AllowPrivateAddresses", false);
        foreach (var server in settings.GetSection("Identity:Federation:DnsServers").Get<string[]>() ?? []) { FederationDnsServers.Add(server); }
        MasterKeyWasLost = settings.GetValue("Identity:KeyWasLost", false);
        BreachedPasswords = settings["Identity:BreachedPasswords"] ?? "";
    }

    internal Uri IssuerUri => new(Issuer);
    internal string PathBase => IssuerUri.AbsolutePath.TrimEnd('/');
    internal bool IsHttps => IssuerUri.Scheme == Uri.UriSchemeHttps;

    internal IEnumerable<string> Problems()
    {
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer))
        {
            yield return "Identity:Issuer must be an absolute address.";
            yield break;
        }
        if (issuer.Scheme != Uri.UriSchemeHttps && !(issuer.Scheme == Uri.UriSchemeHttp && issuer.IsLoopback))
        {
            yield return "Identity:Issuer must be https, except on a loopback host.";
        }
        if (issuer.Query.Length > 0 || issuer.Fragment.Length > 0 || issuer.UserInfo.Length > 0 || Issuer.EndsWith('/'))
        {
            yield return "Identity:Issuer must have no query, fragment, user or slash at the end.";
        }
        if (Database is null)
        {
            yield return "The identity store needs a database.";
        }
        if (CodeLifetime <= TimeSpan.Zero || CodeLifetime > TimeSpan.FromSeconds(60))
        {
            yield return "An authorization code lives at most 60 seconds.";
        }
        if (RefreshGrace < TimeSpan.Zero || RefreshGrace > TimeSpan.FromSeconds(10))
        {
            yield return "A lost refresh may be repeated for at most 10 seconds.";
        }
        if (PushedRequestLifetime <= TimeSpan.Zero || PushedRequestLifetime > TimeSpan.FromSeconds(90))
        {
            yield return "A pushed request waits at most 90 seconds.";
        }
        foreach (var server in FederationDnsServers.Where(server => !System.Net.IPEndPoint.TryParse(server, out _)))
        {
            yield return $"Identity:Federation:DnsServers: {server} is no address of a name server.";
        }
        foreach (var problem in Clients.SelectMany(client => client.Problems().Concat(client.SecretProblems())).Concat(Resources.SelectMany(resource => resource.Problems())))
        {
            yield return problem.ToString();
        }
        var scopes = Tokens.Scopes.All.Concat(Resources.SelectMany(resource => resource.Scopes).Select(scope => scope.Name)).ToList();
        foreach (var client in Clients)
        {
            foreach (var scope in client.Scopes.Except(scopes))
            {
                yield return new SettingProblem("client.scope-unknown", client.ClientId, scope).ToString();
            }
        }
    }
}
