using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Web.Access;

/// <summary>What the provider says of itself, read once and again when it is old or a key is missing.</summary>
public sealed class ProviderMetadata
{
    private readonly string _issuer;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _source;

    public ProviderMetadata(string issuer, HttpClient backchannel)
    {
        _issuer = issuer;
        _source = new(issuer + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever(backchannel)
        {
            RequireHttps = !new Uri(issuer).IsLoopback,
        });
    }

    /// <exception cref="SecurityTokenInvalidIssuerException">The document names another issuer than the settings (RFC 8414, 3.3).</exception>
    public async Task<OpenIdConnectConfiguration> GetAsync(CancellationToken ct)
    {
        var document = await _source.GetConfigurationAsync(ct);
        return document.Issuer == _issuer ? document
            : throw new SecurityTokenInvalidIssuerException($"The provider at {_issuer} calls itself {document.Issuer}.") { InvalidIssuer = document.Issuer };
    }

    /// <summary>Reads again at the next call, at most once every few minutes.</summary>
    public void Refresh() => _source.RequestRefresh();
}
