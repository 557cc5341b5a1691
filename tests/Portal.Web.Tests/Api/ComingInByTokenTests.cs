using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Identity.Keys;
using Portal.Testing;
using Xunit;

namespace Portal.Web.Tests.Api;

/// <summary>Who may call the API: only who shows a token that is for it and holds at that moment.</summary>
[Collection(ApiHouses.Name)]
public sealed class ComingInByTokenTests(ApiHouse house)
{
    private const string Sales = "sales@portal.example", Service = "service@portal.example", Reseller = "reseller@cascade.example", Companies = "portal.companies.read", Opportunities = "portal.opportunities.read";

    private static void Refused(ApiAnswer answer)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("error=\"invalid_token\"", answer.Challenge, StringComparison.Ordinal);
        Assert.Equal("api.token-invalid", answer.Code);
    }

    [Fact, Trait("asvs", "V7.2.2")]
    public async Task Without_a_token_one_is_told_where_tokens_come_from()
    {
        var answer = await house.GetAsync(null, "companies");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.DoesNotContain("error=", answer.Challenge, StringComparison.Ordinal);
        Assert.Contains("resource_metadata=\"https://portal.example/.well-known/oauth-protected-resource/api\"", answer.Challenge, StringComparison.Ordinal);
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Response.Headers.CacheControl?.NoStore);
        var metadata = await house.GetAsync(null, "/.well-known/oauth-protected-resource/api");
        Assert.Equal("https://portal.example/api", metadata.Body.GetProperty("resource").GetString());
        Assert.Equal("https://portal.example/identity", metadata.Body.GetProperty("authorization_servers")[0].GetString());
        Assert.Contains(Companies, metadata.Body.GetProperty("scopes_supported").EnumerateArray().Select(scope => scope.GetString()));
    }

    [Fact]
    public async Task A_token_with_its_scope_lets_in()
    {
        var answer = await house.GetAsync(await house.TokenAsync(Sales, Companies), "companies");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.NotEmpty(answer.Items);
    }

    [Fact, Trait("asvs", "V3.5.2")]
    public async Task A_cookie_says_nothing_to_the_api_and_a_token_nothing_to_a_page()
    {
        var browser = await house.LogInAsync(Sales);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/companies")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/companies")).StatusCode);
        var page = await house.GetAsync(await house.TokenAsync(Sales, Companies), "/companies");
        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        Assert.StartsWith("/sign-in", page.Response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var chinese = await house.GetAsync(null, "companies", ("Cookie", "__Host-portal-language=zh-Hans"));
        Assert.Equal("An access token is needed", chinese.Body.GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_token_belongs_into_the_header_once()
    {
        var token = await house.TokenAsync(Sales, Companies);
        foreach (var answer in new[] { await house.GetAsync(null, $"companies?access_token={token}"), await house.GetAsync(token, $"companies?access_token={token}"), await house.GetAsync(token, "companies", ("Authorization", $"Bearer {token}")) })
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Contains("error=\"invalid_request\"", answer.Challenge, StringComparison.Ordinal);
        }
        using var form = new FormUrlEncodedContent([new("access_token", token)]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await house.Portal.Browser().PutAsync("/api/v1/demand-batches/forecast/x", form)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await house.GetAsync(null, "companies", ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("app:" + token))}"))).Status);
    }

    [Fact, Trait("asvs", "V9.2.2 V9.2.3 V10.3.1")]
    public async Task A_token_of_another_kind_or_for_another_api_is_refused()
    {
        var browser = await house.Portal.AsAsync(Sales);
        var tokens = await browser.TokensAsync(ApiHouse.App, ApiHouse.Callback, $"openid {Companies}");
        Refused(await house.GetAsync(tokens.GetProperty("id_token").GetString(), "companies"));
        Refused(await house.GetAsync(await house.TokenAsync(Sales, ApiHouse.OtherScope), "companies"));
    }

    [Fact, Trait("asvs", "V9.2.1")]
    public async Task An_expired_token_is_refused()
    {
        var token = await house.TokenAsync(Sales, Companies);
        Refused(await house.LaterAsync(TimeSpan.FromMinutes(11), () => house.GetAsync(token, "companies")));
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(token, "companies")).Status);
    }

    [Fact, Trait("asvs", "V9.1.1 V9.1.2")]
    public async Task A_forged_token_is_refused()
    {
        var parts = (await house.TokenAsync(Sales, Companies)).Split('.');
        var (header, payload) = (JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[0]))!.AsObject(), JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[1]))!.AsObject());
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string Make(string algorithm, Func<byte[], byte[]> sign, params (string Name, string Value)[] claims)
        {
            var (head, body) = (header.DeepClone().AsObject(), payload.DeepClone().AsObject());
            head["alg"] = algorithm;
            foreach (var (name, value) in claims) { body[name] = value; }
            var signed = $"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(head.ToJsonString()))}.{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(body.ToJsonString()))}";
            return $"{signed}.{WebEncoders.Base64UrlEncode(sign(Encoding.ASCII.GetBytes(signed)))}";
        }
        var keys = await house.Portal.Browser().GetByteArrayAsync("/identity/jwks");
        foreach (var forged in new[]
        {
            Make("none", _ => []), Make("HS256", data => HMACSHA256.HashData(keys, data)), Make("ES256", data => own.SignData(data, HashAlgorithmName.SHA256)), Make("ES256", _ => WebEncoders.Base64UrlDecode(parts[2]), ("scope", "portal.demand.write")),
            Make("ES256", data => own.SignData(data, HashAlgorithmName.SHA256), ("iss", "https://evil.example")), $"{parts[0]}.{parts[1]}.", "x", "", string.Join('.', parts) + ".x.y", new string('x', 20_000),
        })
        {
            var answer = await house.GetAsync(forged.Length == 0 ? " " : forged, "companies");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        }
    }

    [Fact, Trait("asvs", "V10.3.2")]
    public async Task A_scope_that_is_missing_is_named()
    {
        var answer = await house.GetAsync(await house.TokenAsync(Sales, Companies), "opportunities");
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("error=\"insufficient_scope\"", answer.Challenge, StringComparison.Ordinal);
        Assert.Contains($"scope=\"{Opportunities}\"", answer.Challenge, StringComparison.Ordinal);
        Assert.Equal("api.scope-missing", answer.Code);
    }

    [Fact, Trait("asvs", "V10.3.2")]
    public async Task A_scope_gives_no_right_that_the_person_has_not()
    {
        var everything = await house.TokenAsync(Service, ApiHouse.Everything);
        var answer = await house.GetAsync(everything, "opportunities");
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal("api.right-missing", answer.Code);
        Assert.Equal("", answer.Challenge);
        Assert.Equal(HttpStatusCode.Forbidden, (await house.GetAsync(await house.TokenAsync(Reseller, ApiHouse.Everything), "companies")).Status);
    }

    [Fact, Trait("asvs", "V8.3.2")]
    public async Task A_person_who_may_less_now_may_less_with_the_next_request()
    {
        var token = await house.TokenAsync("distributor@bayside.example", ApiHouse.Everything);
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(token, "partner/opportunities")).Status);
        async Task SetAsync(bool active, params string[] functions) => await house.ChangeAsync(async db =>
        {
            var person = await db.People.Include(p => p.Functions).SingleAsync(p => p.Email == "distributor@bayside.example");
            Assert.Null(person.Assign(functions));
            person.Active = active;
        });
        await SetAsync(true, Functions.PartnerAdmin);
        Assert.Equal(HttpStatusCode.Forbidden, (await house.GetAsync(token, "partner/opportunities")).Status);
        await SetAsync(false, Functions.DistributorPerson);
        var gone = await house.GetAsync(token, "partner/opportunities");
        Assert.Equal((HttpStatusCode.Forbidden, "api.no-person"), (gone.Status, gone.Code));
        await SetAsync(true, Functions.DistributorPerson);
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(token, "partner/opportunities")).Status);
    }

    [Fact, Trait("asvs", "V7.4.1")]
    public async Task With_the_session_its_tokens_end()
    {
        var browser = await house.LogInAsync(Sales);
        var token = await ApiHouse.TokenAsync(browser, ApiHouse.App, Companies);
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(token, "companies")).Status);
        await browser.SignOutAsync();
        Refused(await house.GetAsync(token, "companies"));
    }

    [Fact]
    public async Task A_revoked_token_is_refused()
    {
        var token = await house.TokenAsync(Sales, Companies);
        await house.Portal.Browser().PostAsync("/identity/revoke", new FormUrlEncodedContent([new("client_id", ApiHouse.App), new("token", token)]));
        Refused(await house.GetAsync(token, "companies"));
    }

    [Fact]
    public async Task With_the_application_its_tokens_end_and_what_it_may_no_longer_ask_for_is_missing()
    {
        ApiHouse.Done(await house.ClientsAsync(clients => clients.AddAsync(ApiHouse.Public("leaving"), default)));
        var token = await ApiHouse.TokenAsync(await house.Portal.AsAsync(Sales), "leaving", Companies);
        ApiHouse.Done(await house.ClientsAsync(clients => clients.ChangeAsync(ApiHouse.Public("leaving") with { Scopes = ["openid", Opportunities] }, default)));
        Assert.Equal("api.scope-missing", (await house.GetAsync(token, "companies")).Code);
        ApiHouse.Done(await house.ClientsAsync(clients => clients.ChangeAsync(ApiHouse.Public("leaving"), default)));
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(token, "companies")).Status);
        ApiHouse.Done(await house.ClientsAsync(clients => clients.SetEnabledAsync("leaving", false, default)));
        Refused(await house.GetAsync(token, "companies"));
    }

    [Fact]
    public async Task What_a_revoked_key_signed_is_refused_at_once()
    {
        var token = await house.TokenAsync(Sales, Companies);
        var life = house.Portal.Services.GetRequiredService<SigningKeyLife>();
        foreach (var key in await life.ListAsync(default)) { await life.RevokeAsync(key.Kid, default); }
        Refused(await house.GetAsync(token, "companies"));
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(await house.TokenAsync(Sales, Companies), "companies")).Status);
    }

    [Fact, Trait("asvs", "V8.3.3")]
    public async Task A_program_that_calls_by_itself_has_the_rights_of_its_person_and_none_without_one()
    {
        var tokens = await house.ProgramAsync("robot", Companies, Opportunities);
        var token = await tokens();
        var nobody = await house.GetAsync(token, "companies");
        Assert.Equal((HttpStatusCode.Forbidden, "api.program-without-person"), (nobody.Status, nobody.Code));
        var person = await house.PersonForAsync("robot", Functions.Service);
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(token, "companies")).Status);
        Assert.Equal("api.right-missing", (await house.GetAsync(token, "opportunities")).Code);
        await house.ChangeAsync(async db => (await db.People.SingleAsync(p => p.Id == person)).Active = false);
        Assert.Equal("api.program-without-person", (await house.GetAsync(token, "companies")).Code);
        await house.ChangeAsync(async db => (await db.People.SingleAsync(p => p.Id == person)).Active = true);
        ApiHouse.Done(await house.ClientsAsync(clients => clients.SetEnabledAsync("robot", false, default)));
        Refused(await house.GetAsync(token, "companies"));
    }

    [Fact]
    public async Task Who_calls_too_often_is_told_when_to_come_again_and_stops_nobody_else()
    {
        ApiHouse.Done(await house.ClientsAsync(clients => clients.AddAsync(ApiHouse.Public("busy"), default)));
        var token = await ApiHouse.TokenAsync(await house.Portal.AsAsync(Sales), "busy", Companies);
        ApiAnswer? refused = null;
        for (var i = 0; i < 2_000 && refused is null; i++)
        {
            var answer = await house.GetAsync(token, "nothing");
            if (answer.Status is not HttpStatusCode.NotFound) { refused = answer; }
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, refused?.Status);
        Assert.True(refused!.Response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(await house.TokenAsync(Sales, Companies), "companies")).Status);
    }

    [Fact]
    public async Task What_lies_under_the_api_and_is_nothing_is_not_found_with_a_token_and_closed_without()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await house.GetAsync(null, "nothing")).Status);
        var answer = await house.GetAsync(await house.TokenAsync(Sales, Companies), "nothing", ("Accept-Language", "zh-CN"), ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("http.404", answer.Code);
        Assert.Equal("此处没有内容", answer.Body.GetProperty("title").GetString());
    }
}
