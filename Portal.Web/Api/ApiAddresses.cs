using Portal.Web.Access;

namespace Portal.Web.Api;

/// <summary>Where the API lies and what its tokens must say. All comes from settings; nothing is taken from a request.</summary>
public sealed record ApiAddresses
{
    public const string Root = "/api", Current = "/api/v1", Description = Current + "/openapi.json", Metadata = "/.well-known/oauth-protected-resource" + Root;

    /// <summary>Stands for the programs of a log-in provider where a person record belongs to one, beside what stands for its people: an id of the one is never taken for the other.</summary>
    private const string Programs = "#clients";

    public required string PublicUrl { get; init; }

    /// <summary>The issuer of the tokens.</summary>
    public required string Authority { get; init; }

    /// <summary>What must stand in the <c>aud</c> of a token.</summary>
    public required string Audience { get; init; }
    public required string IssuerOfPeople { get; init; }
    public string IssuerOfPrograms => IssuerOfPeople + Programs;

    public string Resource => PublicUrl + Root;
    public string MetadataUrl => PublicUrl + Metadata;

    /// <summary><c>Portal:ApiAudience</c>, else <c>/api</c> under the public address.</summary>
    public static ApiAddresses From(IConfiguration configuration)
    {
        var signIn = SignInAddresses.From(configuration);
        return new()
        {
            PublicUrl = signIn.PublicUrl, Authority = signIn.Authority, IssuerOfPeople = signIn.LinkIssuer,
            Audience = configuration["Portal:ApiAudience"] is { Length: > 0 } set ? set : signIn.PublicUrl + Root,
        };
    }

    /// <summary>What lies here is asked for by programs with tokens; nothing else is.</summary>
    public static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase);
}
