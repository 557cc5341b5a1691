using Portal.Identity.Accounts;

namespace Portal.Web.Access;

/// <summary>The addresses that logging in depends on. All come from settings; nothing is taken from a request.</summary>
public sealed record SignInAddresses
{
    /// <summary>Scheme and host under which people reach the portal, without a slash at the end.</summary>
    public required string PublicUrl { get; init; }

    /// <summary>The provider's issuer, byte for byte.</summary>
    public required string Authority { get; init; }

    /// <summary>True where the provider runs inside the portal.</summary>
    public required bool IsBuiltIn { get; init; }

    /// <summary>What stands for the provider in the link of a person: a constant for accounts kept here, so that a new public address locks nobody out.</summary>
    public string LinkIssuer => IsBuiltIn ? Account.OwnIssuer : Authority;

    public bool IsHttps => PublicUrl.StartsWith("https:", StringComparison.Ordinal);
    public string RedirectUri => PublicUrl + PortalSignIn.CallbackPath;
    public string PostLogoutRedirectUri => PublicUrl + PortalSignIn.SignedOutPath;

    /// <summary>
    /// <c>Portal:PublicUrl</c>, else the first of <c>Urls</c> (a wildcard host becomes localhost); <c>Identity:Authority</c>, else
    /// <c>Identity:Issuer</c>, else <c>/identity</c> under the public address.
    /// </summary>
    public static SignInAddresses From(IConfiguration configuration)
    {
        var given = configuration["Portal:PublicUrl"] is { Length: > 0 } set ? set : FirstOf(configuration["Urls"]);
        if (!Uri.TryCreate(given, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
        {
            throw new InvalidOperationException("Portal:PublicUrl must be an http or https address.");
        }
        var publicUrl = parsed.GetLeftPart(UriPartial.Authority);
        var authority = configuration["Identity:Authority"];
        var issuer = configuration["Identity:Issuer"] is { Length: > 0 } own ? own : publicUrl + "/identity";
        return new SignInAddresses
        {
            PublicUrl = publicUrl,
            Authority = string.IsNullOrEmpty(authority) ? issuer : authority,
            IsBuiltIn = string.IsNullOrEmpty(authority),
        };
    }

    private static string FirstOf(string? urls)
    {
        var first = (urls ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "http://localhost:5080";
        return first.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);
    }
}
