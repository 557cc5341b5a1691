using System.Text.Json;
using Xunit;

namespace Portal.Web.Tests.Commands;

[Collection(CommandLine.Name)]
public sealed class ConnectingProvidersTests : IDisposable
{
    private readonly Installation _portal = new();

    public void Dispose() => _portal.Dispose();

    [Fact]
    public async Task A_companys_log_in_is_connected_switched_on_by_a_statement_and_deleted()
    {
        await _portal.RunAsync("demo");
        foreach (var (command, words) in new[]
        {
            ("provider add nobody --issuer https://x.example --client c", "No company has the code NOBODY."), ("provider add dune --issuer http://x.example --client c", "must begin with https"),
            ("provider add dune --issuer https://x.example --client c --function *=administrator", "administrator"), ("provider remove 17", "17 is no id of a provider"),
        })
        {
            var refused = await _portal.RunAsync(command);
            Assert.Equal(1, refused.Exit);
            Assert.Contains(words, refused.Out, StringComparison.Ordinal);
        }

        const string made = "provider add dune --issuer https://login.dune.example --client portal --admit --function *=reseller-person --secret-stdin --json";
        var added = await _portal.RunAsync(made, "a secret of dune");
        Assert.Equal((0, ""), (added.Exit, added.Error));
        var id = JsonDocument.Parse(added.Out).RootElement.GetProperty("id").GetString()!;
        Assert.EndsWith($"/identity/federation/{id}/callback", JsonDocument.Parse(added.Out).RootElement.GetProperty("redirect").GetString(), StringComparison.Ordinal);

        // No name server answers here: the domain waits, and the record to set is named.
        var domain = await _portal.RunAsync($"provider domain {id} dune.example --Identity:Federation:DnsServers:0 127.0.0.1:1");
        Assert.Equal(1, domain.Exit);
        Assert.Contains("Nobody could say", domain.Out, StringComparison.Ordinal);
        Assert.Equal(1, (await _portal.RunAsync($"provider enable {id}")).Exit);
        Assert.Matches("dune\\.example +NOT PROVED +TXT \"portal-verification=", (await _portal.RunAsync("provider list")).Out);
        Assert.Equal(0, (await _portal.RunAsync(["provider", "domain", id, "dune.example", "--because", "in the contract"])).Exit);
        Assert.Equal(0, (await _portal.RunAsync($"provider enable {id}")).Exit);
        Assert.Contains("dune.example  stated by command line", (await _portal.RunAsync("provider list")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await _portal.RunAsync($"provider disable {id}")).Exit);
        Assert.Equal(0, (await _portal.RunAsync($"provider remove {id}")).Exit);
        Assert.Equal("", (await _portal.RunAsync("provider list")).Out);

        // Created; domain asked for and stated; on; off; deleted.
        Assert.Equal(6, await _portal.CountAsync("SELECT count(*) FROM audit_entries a JOIN companies c ON c.\"Id\" = a.\"RecordId\" WHERE a.\"Entity\" = 'CompanyLogIn' AND c.\"Code\" = 'DUNE'"));
        Assert.Equal(0, await _portal.CountAsync("SELECT count(*) FROM audit_entries WHERE \"Changes\" LIKE '%a secret of dune%'"));
    }
}
