using System.Net;
using System.Security.Cryptography;
using System.Text;
using DnsClient;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Portal.Identity.Federation;

/// <summary>Looks in the domain name system for the record by which a domain's owner shows that a provider is theirs.</summary>
internal sealed class DomainRecords(IOptions<PortalIdentityOptions> options)
{
    private const string Prefix = "portal-verification=";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    // The resolvers of the machine are looked up at the first question, not at every start.
    private readonly Lazy<LookupClient> _dns = new(() => new LookupClient(Settings(options.Value)));

    /// <summary>Another for each provider and domain, so that a record set for one says nothing of another.</summary>
    public static string TextOf(Guid provider, string domain) => Prefix + WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes($"{provider:N}\n{domain}")).AsSpan(0, 24));

    /// <returns>Whether the record is there; null where nobody could say, with the reason in English.</returns>
    public async Task<(bool? Found, string? Fault)> LookAsync(string domain, string text, CancellationToken ct)
    {
        try
        {
            var answer = await _dns.Value.QueryAsync(domain + ".", QueryType.TXT, QueryClass.IN, ct);
            if (answer.HasError && answer.Header.ResponseCode != DnsHeaderResponseCode.NotExistentDomain) { return (null, answer.ErrorMessage); }
            // A long text is sent in parts.
            return (answer.Answers.TxtRecords().Any(record => string.Concat(record.Text).Trim() == text), null);
        }
        catch (DnsResponseException fault)
        {
            return (null, fault.DnsError);
        }
        catch (Exception fault) when (fault is InvalidOperationException or System.Net.Sockets.SocketException or IOException)
        {
            return (null, fault.Message);
        }
    }

    private static LookupClientOptions Settings(PortalIdentityOptions set)
    {
        var servers = Servers(set.FederationDnsServers).ToArray();
        return new LookupClientOptions(servers) { AutoResolveNameServers = servers.Length == 0, UseCache = false, Timeout = s_patience, Retries = 1, ThrowDnsErrors = false };
    }

    /// <exception cref="FormatException">A server is no address.</exception>
    public static IEnumerable<IPEndPoint> Servers(IEnumerable<string> written) =>
        written.Select(text => IPEndPoint.Parse(text)).Select(server => server.Port == 0 ? new IPEndPoint(server.Address, NameServer.DefaultPort) : server);
}
