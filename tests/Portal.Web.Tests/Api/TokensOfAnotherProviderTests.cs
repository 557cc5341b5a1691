using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Web.Access;
using Portal.Web.Api;
using Xunit;

namespace Portal.Web.Tests.Api;

/// <summary>Access tokens of a provider that is not ours, each properly signed: only RFC 9068 by the letter is believed.</summary>
public sealed class TokensOfAnotherProviderTests
{
    private const string Issuer = "https://login.house.example", Audience = "https://portal.example/api";

    [Fact]
    public async Task A_whole_token_says_who_and_what_for()
    {
        using var provider = new Provider();
        var token = await provider.Tokens().FindAsync(provider.Token(), default);
        Assert.Equal(("kim", "app", false), token is null ? default : (token.Subject, token.ClientId, token.IsOfProgram));
        Assert.Equal(["portal.companies.read", "portal.demand.read"], token!.Scopes.Order(StringComparer.Ordinal));
        Assert.True((await provider.Tokens().FindAsync(provider.Token(("sub", "app")), default))!.IsOfProgram);
        Assert.NotNull(await provider.Tokens().FindAsync(provider.Token(header: ("typ", "application/at+jwt")), default));
        Assert.NotNull(await provider.Tokens().FindAsync(provider.Token(("aud", new JsonArray(Audience, "https://other.example"))), default));
        Assert.NotNull(await provider.Tokens().FindAsync(provider.Token(("nbf", provider.Now + 20)), default));
    }

    public static TheoryData<string, string?> Wrong => new()
    {
        { "iss", "https://evil.example" }, { "iss", Issuer + "/" }, { "aud", "https://portal.example" }, { "aud", Audience + "/" }, { "aud", "https://PORTAL.example/api" }, { "aud", null }, { "iss", null }, { "sub", null }, { "sub", "" },
        { "client_id", null }, { "client_id", "" }, { "jti", null }, { "iat", null }, { "exp", null },
    };

    [Theory, Trait("asvs", "V9.2.3 V10.3.1"), MemberData(nameof(Wrong))]
    public async Task A_claim_that_is_wrong_or_missing_is_refused(string claim, string? value)
    {
        using var provider = new Provider();
        Assert.Null(await provider.Tokens().FindAsync(provider.Token((claim, value is null ? null : JsonValue.Create(value))), default));
    }

    [Fact, Trait("asvs", "V9.2.1")]
    public async Task A_token_before_or_after_its_time_is_refused()
    {
        using var provider = new Provider();
        Assert.NotNull(await provider.Tokens().FindAsync(provider.Token(("exp", provider.Now - 10)), default));
        Assert.Null(await provider.Tokens().FindAsync(provider.Token(("exp", provider.Now - 60)), default));
        Assert.Null(await provider.Tokens().FindAsync(provider.Token(("nbf", provider.Now + 60)), default));
    }

    [Theory, Trait("asvs", "V9.1.2 V9.2.2")]
    [InlineData("typ", "JWT")]
    [InlineData("typ", "logout+jwt")]
    [InlineData("typ", null)]
    [InlineData("alg", "none")]
    [InlineData("alg", "HS256")]
    [InlineData("alg", "ES384")]
    [InlineData("kid", "another")]
    [InlineData("crit", "exp")]
    public async Task A_token_of_another_kind_is_refused(string name, string? value)
    {
        using var provider = new Provider();
        Assert.Null(await provider.Tokens().FindAsync(provider.Token(header: (name, name == "crit" ? new JsonArray(value) : value is null ? null : JsonValue.Create(value))), default));
    }

    [Fact, Trait("asvs", "V9.1.3")]
    public async Task A_new_key_is_found_and_one_that_was_taken_back_is_not()
    {
        using var provider = new Provider();
        var tokens = provider.Tokens();
        var before = provider.Token();
        Assert.NotNull(await tokens.FindAsync(before, default));
        provider.ChangeKey();
        Assert.NotNull(await tokens.FindAsync(provider.Token(), default));
        Assert.Null(await tokens.FindAsync(before, default));
    }

    [Fact]
    public async Task A_token_of_a_session_that_the_provider_ended_is_refused()
    {
        using var provider = new Provider();
        Assert.NotNull(await provider.Tokens().FindAsync(provider.Token(("sid", "going on")), default));
        Assert.Null(await provider.Tokens().FindAsync(provider.Token(("sid", "over")), default));
    }

    private sealed class Provider : HttpMessageHandler
    {
        private ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private int _number = 1;

        public long Now { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        public IApiTokens Tokens() => new OtherProvidersTokens(
            new ProviderMetadata(Issuer, new HttpClient(this, disposeHandler: false)), new ApiAddresses { PublicUrl = "https://portal.example", Authority = Issuer, Audience = Audience, IssuerOfPeople = Issuer },
            (session, _) => Task.FromResult(session == "over"), TimeProvider.System);

        public void ChangeKey()
        {
            _key.Dispose();
            (_key, _number) = (ECDsa.Create(ECCurve.NamedCurves.nistP256), _number + 1);
        }

        public string Token(params (string Name, JsonNode? Value)[] claims) => Token(null, claims);

        /// <param name="header">One header that is otherwise.</param>
        public string Token((string Name, JsonNode? Value)? header, params (string Name, JsonNode? Value)[] claims)
        {
            var head = new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = $"k{_number}" };
            var body = new JsonObject { ["iss"] = Issuer, ["aud"] = Audience, ["sub"] = "kim", ["client_id"] = "app", ["jti"] = "1", ["iat"] = Now, ["exp"] = Now + 300, ["scope"] = "portal.companies.read portal.demand.read" };
            foreach (var (part, name, value) in claims.Select(claim => (body, claim.Name, claim.Value)).Concat(header is { } one ? [(head, one.Name, one.Value)] : []))
            {
                if (value is null) { part.Remove(name); } else { part[name] = value; }
            }
            var input = $"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(head.ToJsonString()))}.{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(body.ToJsonString()))}";
            var data = Encoding.ASCII.GetBytes(input);
            var signature = head["alg"]!.GetValue<string>() switch
            {
                "none" => [],
                "HS256" => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Keys()), data),
                _ => _key.SignData(data, HashAlgorithmName.SHA256),
            };
            return $"{input}.{WebEncoders.Base64UrlEncode(signature)}";
        }

        private string Keys()
        {
            var point = _key.ExportParameters(false).Q;
            return new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig", ["kid"] = $"k{_number}", ["x"] = WebEncoders.Base64UrlEncode(point.X!), ["y"] = WebEncoders.Base64UrlEncode(point.Y!) }) }.ToJsonString();
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(request.RequestUri!.AbsolutePath == "/keys" ? Keys() : new JsonObject { ["issuer"] = Issuer, ["jwks_uri"] = Issuer + "/keys" }.ToJsonString(), Encoding.UTF8, "application/json"),
        });

        protected override void Dispose(bool disposing)
        {
            if (disposing) { _key.Dispose(); }
            base.Dispose(disposing);
        }
    }
}
