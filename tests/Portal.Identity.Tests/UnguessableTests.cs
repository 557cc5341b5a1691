using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Accounts;
using Portal.Identity.Credentials;
using Portal.Identity.Sessions;
using Portal.Identity.Tokens;
using Portal.Testing.Structure;

namespace Portal.Identity.Tests;

/// <summary>Codes, handles, links and sessions are worth nothing to whoever guesses (OWASP ASVS 5.0, V7.2 and V11.5).</summary>
public sealed partial class GuessingAValueTests
{
    private const int Samples = 2000;

    /// <summary>Eight standard deviations: with all that is counted here, a right generator fails less than once in a hundred thousand million runs.</summary>
    private static double Bound(double tries, double chance) => 8 * Math.Sqrt(tries * chance * (1 - chance));

    public static TheoryData<string, int> Generators => new() { { nameof(Unguessable.Value), 256 }, { nameof(Unguessable.Name), 128 } };

    [Theory, Trait("asvs", "V7.2.3"), MemberData(nameof(Generators)), Trait("oidc", "79")]
    public void Two_thousand_values_differ_and_every_bit_of_them_is_even(string generator, int bits)
    {
        byte[][] values = [.. Enumerable.Range(0, Samples).Select(_ => WebEncoders.Base64UrlDecode(generator == nameof(Unguessable.Value) ? Unguessable.Value() : Unguessable.Name()))];
        Assert.All(values, value => Assert.Equal(bits, 8 * value.Length));
        Assert.Equal(Samples, values.Select(Convert.ToHexString).Distinct().Count());
        static int Bit(byte[] value, int at) => (value[at / 8] >> (at % 8)) & 1;
        var (all, changed) = (0, 0);
        for (var at = 0; at < bits; at++)
        {
            var ones = values.Sum(value => Bit(value, at));
            // Whether a bit is the one of the value before, which a counter or a weak generator betrays.
            var flips = values.Skip(1).Zip(values).Sum(pair => Bit(pair.First, at) ^ Bit(pair.Second, at));
            Assert.InRange(ones, Samples / 2 - Bound(Samples, 0.5), Samples / 2 + Bound(Samples, 0.5));
            Assert.InRange(flips, (Samples - 1) / 2d - Bound(Samples - 1, 0.5), (Samples - 1) / 2d + Bound(Samples - 1, 0.5));
            (all, changed) = (all + ones, changed + flips);
        }
        Assert.InRange(all, bits * Samples / 2 - Bound(bits * Samples, 0.5), bits * Samples / 2 + Bound(bits * Samples, 0.5));
        Assert.InRange(changed, bits * (Samples - 1) / 2d - Bound(bits * Samples, 0.5), bits * (Samples - 1) / 2d + Bound(bits * Samples, 0.5));
    }

    [Fact, Trait("oidc", "84"), Trait("asvs", "V6.5.2 V6.5.3 V6.5.4")]
    public void Two_thousand_recovery_codes_differ_and_use_every_sign_alike()
    {
        string[] codes = [.. Enumerable.Range(0, Samples).Select(_ => RecoveryCode.New().Replace("-", "", StringComparison.Ordinal))];
        Assert.Equal(Samples, codes.Distinct().Count());
        // 120 bits, and five of them in each sign.
        Assert.All(codes, code => Assert.Equal(24, code.Length));
        var signs = codes.SelectMany(code => code).CountBy(sign => sign).ToList();
        Assert.Equal(32, signs.Count);
        var tries = Samples * 24;
        Assert.All(signs, sign => Assert.InRange(sign.Value, tries / 32d - Bound(tries, 1 / 32d), tries / 32d + Bound(tries, 1 / 32d)));
        Assert.Equal(20, Totp.NewSecret().Length);
    }

    [Fact, Trait("oidc", "79"), Trait("asvs", "V7.2.3")]
    public async Task Whatever_the_provider_hands_out_has_at_least_128_bits()
    {
        await using var host = await ProviderHost.StartAsync();
        await using var scope = host.Services.CreateAsyncScope();
        var flow = new Flow(("client_id", "backend"), ("scope", "openid offline_access"));
        var code = await flow.CodeAsync(host.Browser(), Folk.Bo);
        var tokens = await flow.RedeemAsync(host.Program(), code, ("client_secret", ProviderHost.ServerSecret));
        var pushed = await Reply.PostAsync(host.Program(), [.. new Flow(("client_id", "pusher")).Parameters, new("client_secret", ProviderHost.ServerSecret)], "/identity/par");
        var life = scope.ServiceProvider.GetRequiredService<AccountLife>();
        static string CodeOf(LinkResult made) => QueryHelpers.ParseQuery(new Uri(made.Link!).Query)["code"].ToString();
        var values = new Dictionary<string, string?>
        {
            ["code"] = code, ["refresh token"] = tokens["refresh_token"], ["request_uri"] = pushed["request_uri"]?.Split(':')[^1],
            ["session"] = await host.StoreAsync(db => db.Sessions.Select(s => s.Id).SingleAsync()),
            ["session of the host"] = await host.Services.GetRequiredService<HostSessions>().BeginAsync(new("own", "x", "y", "pwd", host.Clock.GetUtcNow(), "Browser", null), default),
            ["reset"] = CodeOf(await life.SendResetAsync((await host.SubjectAsync(Folk.Bo))!, default)), ["invitation"] = CodeOf(await life.InviteAsync("new@alpine.example", "en", "UTC", default)),
        };
        Assert.All(values, value => Assert.True(value.Value is { } text && WebEncoders.Base64UrlDecode(text).Length >= 16, $"{value.Key}: {value.Value}"));
        Assert.Equal(values.Count, values.Values.Distinct().Count());
    }

    /// <summary>Beside the one generator: what has a form of its own.</summary>
    private static readonly string[] s_others =
    [
        "Portal.Identity/Credentials/RecoveryCode.cs", "Portal.Identity/Credentials/Totp.cs", "Portal.Identity/Keys/DataProtectionKeys.cs", "Portal.Identity/Tokens/Unguessable.cs", "Portal.Web/Access/SignInHandler.cs",
        "Portal.Web/Ui/Forms/OnceFilter.cs",
    ];

    [Fact, Trait("asvs", "V6.5.3")]
    public void Random_values_come_from_one_place() =>
        Assert.Equal(s_others, Repository.Files("*.cs", "Portal.Identity", "Portal.Identity.Host", "Portal.Web").Where(file => Source().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\bRandomNumberGenerator\.|\bnew Random\(|\bRandom\.Shared\b")]
    private static partial Regex Source();
}
