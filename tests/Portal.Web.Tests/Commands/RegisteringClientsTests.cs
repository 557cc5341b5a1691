using System.Text.Json;
using Xunit;

namespace Portal.Web.Tests.Commands;

[Collection(CommandLine.Name)]
public sealed class RegisteringClientsTests : IDisposable
{
    private readonly Installation _portal = new();

    public void Dispose() => _portal.Dispose();

    [Fact]
    public async Task A_program_gets_scopes_of_the_portal_before_the_portal_was_ever_started()
    {
        await _portal.RunAsync("migrate");
        var added = await _portal.RunAsync("client add erp --grant client_credentials --scope portal.companies.read --json");
        Assert.True(added.Exit == 0, added.Out + added.Error);
        Assert.Equal(43, JsonDocument.Parse(added.Out).RootElement.GetProperty("secret").GetString()!.Length);
        Assert.Equal(0, (await _portal.RunAsync("user add erp@portal.example --function procurement --client erp")).Exit);

        // Started or not, under whatever address: what is stated already stays as it is.
        const string Stated = "SELECT count(*) FROM identity_resources r JOIN identity_scopes s ON s.\"Audience\" = r.\"Audience\" WHERE r.\"Audience\" NOT LIKE '%elsewhere%'";
        var before = await _portal.CountAsync(Stated);
        Assert.Equal(0, (await _portal.RunAsync("client add other --grant client_credentials --scope portal.demand.write --Portal:PublicUrl https://elsewhere.example")).Exit);
        Assert.Equal((before, 1), (await _portal.CountAsync(Stated), await _portal.CountAsync("SELECT count(*) FROM identity_resources")));

        var unknown = await _portal.RunAsync("client add third --grant client_credentials --scope portal.everything");
        Assert.Equal(1, unknown.Exit);
        Assert.Contains("portal.everything", unknown.Out, StringComparison.Ordinal);
    }
}
