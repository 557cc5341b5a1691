using System.Diagnostics;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Web.Access;

/// <summary>What the provider says of itself, read once and again when it is old or a key is missing.</summary>
public sealed class ProviderMetadata
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly string _issuer;
    private readonly HttpClient _backchannel;
    private volatile ConfigurationManager<OpenIdConnectConfiguration> _source;
    private long _refreshed;

    public ProviderMetadata(string issuer, HttpClient backchannel)
    {
        (_issuer, _backchannel) = (issuer, backchannel);
        _source = Source();
    }

    /// <exception cref="SecurityTokenInvalidIssuerException">The document names another issuer than the settings (RFC 8414, 3.3).</exception>
    public async Task<OpenIdConnectConfiguration> GetAsync(CancellationToken ct)
    {
        var document = await _source.GetConfigurationAsync(ct);
        return document.Issuer == _issuer ? document
            : throw new SecurityTokenInvalidIssuerException($"The provider at {_issuer} calls itself {document.Issuer}.") { InvalidIssuer = document.Issuer };
    }

    /// <summary>Reads again at the next call, at most once every few seconds: a stranger's forged token may lead here too.</summary>
    public void Refresh()
    {
        var last = Interlocked.Read(ref _refreshed);
        if (last != 0 && Stopwatch.GetElapsedTime(last) < s_pause || Interlocked.CompareExchange(ref _refreshed, Stopwatch.GetTimestamp(), last) != last) { return; }
        _source = Source();
    }

    // The source's own refresh runs in the background: whoever logs in right after a key was revoked would still meet the old keys.
    private ConfigurationManager<OpenIdConnectConfiguration> Source() =>
        new(_issuer.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever(_backchannel) { RequireHttps = !new Uri(_issuer).IsLoopback });
}
