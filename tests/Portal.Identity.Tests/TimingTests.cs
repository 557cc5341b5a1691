using System.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Identity.Tests;

/// <summary>Whether a stranger with a stopwatch can tell which addresses have an account.</summary>
public sealed class TimingOfRefusedLogInsTests
{
    private const int Samples = 320, PerAccount = 8;

    /// <summary>
    /// By ranks: how often a known account takes longer than an unknown one, of all pairs (Mann-Whitney). Equal work gives one half; without the hash it would be all or
    /// nothing. Of 320 each, chance stays within 0.023 of one half two times in three; the bound is six times that, for machines that do other things besides.
    /// </summary>
    [Fact, Trait("oidc", "82"), Trait("asvs", "V6.3.8")]
    public async Task Known_and_unknown_accounts_cannot_be_told_apart_by_rank()
    {
        await using var host = await ProviderHost.StartAsync(
            identity: options => options.FailuresPerAddressAndMinute = options.FailuresPerNetworkAndMinute = int.MaxValue,
            services: services => services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 15_000));
        foreach (var account in Enumerable.Range(0, Samples / PerAccount)) { Assert.True((await host.AccountsAsync(a => a.CreateAccountAsync($"known{account}@alpine.example", Folk.Password, "en"))).Succeeded); }
        var browser = host.Browser();
        var form = await browser.FollowInsideAsync(await browser.GetAsync(new Flow().Url));
        var sealedRequest = (await SignIn.ReadAsync(form)).QuerySelector("input[name=request]")!.GetAttribute("value")!;

        async Task<long> TimeAsync(string email)
        {
            using var content = new FormUrlEncodedContent([new("request", sealedRequest), new("email", email), new("password", "wrong wrong wrong")]);
            var begun = Stopwatch.GetTimestamp();
            using var answer = await browser.PostAsync("/identity/log-in", content);
            var taken = Stopwatch.GetTimestamp() - begun;
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            return taken;
        }
        for (var warm = 0; warm < 20; warm++) { await TimeAsync($"warm{warm}@alpine.example"); }
        var (known, unknown) = (new List<long>(Samples), new List<long>(Samples));
        for (var n = 0; n < Samples; n++)
        {
            // Both in turn, each as often first: whatever slows the machine down slows both.
            var (there, absent) = ($"known{n / PerAccount}@alpine.example", $"other{n / PerAccount}@alpine.example");
            if (n % 2 == 0) { known.Add(await TimeAsync(there)); unknown.Add(await TimeAsync(absent)); }
            else { unknown.Add(await TimeAsync(absent)); known.Add(await TimeAsync(there)); }
            if (n % 40 == 39) { host.Clock.Advance(TimeSpan.FromMinutes(2)); }
        }
        var longer = known.Sum(k => unknown.Count(u => k > u) + unknown.Count(u => k == u) / 2.0) / ((double)known.Count * unknown.Count);
        Assert.InRange(longer, 0.36, 0.64);
    }
}
