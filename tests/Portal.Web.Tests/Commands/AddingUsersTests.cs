using Xunit;

namespace Portal.Web.Tests.Commands;

[Collection(CommandLine.Name)]
public sealed class AddingUsersTests : IAsyncLifetime
{
    private readonly Installation _portal = new();

    public async ValueTask InitializeAsync() => await _portal.RunAsync("demo");

    public ValueTask DisposeAsync()
    {
        _portal.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact, Trait("asvs", "V10.3.3")]
    public async Task Where_another_provider_keeps_the_accounts_people_are_linked_to_its_subject()
    {
        const string elsewhere = "--Identity:Authority=https://login.example";
        var staff = await _portal.RunAsync(["user", "add", "Grete@Portal.example", "--function", "sales", "--function", "marketing", "--name", "Grete Holm", "--subject", "g-1", elsewhere]);
        var partner = await _portal.RunAsync($"user add second@dune.example --function reseller-person --company dune --language zh-Hans --subject s-2 {elsewhere}");
        var without = await _portal.RunAsync($"user add third@portal.example --function sales {elsewhere}");

        var program = await _portal.RunAsync($"user add erp@portal.example --function procurement --client erp {elsewhere}");
        var unknown = await _portal.RunAsync("user add other@portal.example --function procurement --client nobody");

        Assert.Equal((0, 0, 1, 0, 1), (staff.Exit, partner.Exit, without.Exit, program.Exit, unknown.Exit));
        Assert.Equal(1, await _portal.CountAsync("SELECT count(*) FROM people WHERE \"Email\" = 'erp@portal.example' AND \"Issuer\" = 'https://login.example#clients' AND \"Subject\" = 'erp'"));
        Assert.Equal(0, await _portal.CountAsync("SELECT count(*) FROM people WHERE \"Email\" = 'other@portal.example'"));
        Assert.Equal(1, await _portal.CountAsync("SELECT count(*) FROM people WHERE \"Issuer\" = 'https://login.example' AND \"Subject\" = 'g-1'"));
        Assert.Equal(1, await _portal.CountAsync("SELECT count(*) FROM people WHERE \"Email\" = 'grete@portal.example' AND \"Name\" = 'Grete Holm' AND \"CompanyId\" IS NULL"));
        Assert.Equal(1, await _portal.CountAsync("SELECT count(*) FROM people p JOIN companies c ON c.\"Id\" = p.\"CompanyId\" WHERE p.\"Email\" = 'second@dune.example' AND c.\"Code\" = 'DUNE' AND p.\"Language\" = 'zh-Hans'"));
    }

    [Fact, Trait("asvs", "V6.4.1")]
    public async Task A_person_without_a_given_password_gets_a_link_to_choose_one()
    {
        var answer = await _portal.RunAsync("user add new@portal.example --function sales --json");

        Assert.Equal(0, answer.Exit);
        using var result = System.Text.Json.JsonDocument.Parse(answer.Out);
        Assert.Matches(@"^https?://[^/]+/identity/invitation\?code=[\w-]{43}$", result.RootElement.GetProperty("link").GetString());
        Assert.Equal(1, await _portal.CountAsync("SELECT count(*) FROM people WHERE \"Email\" = 'new@portal.example' AND \"Issuer\" = 'own' AND length(\"Subject\") = 32"));
        Assert.Equal(1, await _portal.CountAsync("SELECT count(*) FROM identity_accounts WHERE \"Email\" = 'new@portal.example' AND \"PasswordHash\" IS NULL"));
        Assert.Equal(0, (await _portal.RunAsync("check")).Exit);
    }

    [Fact]
    public async Task Where_mail_is_set_up_an_invitation_waits_to_be_sent_and_no_link_is_shown()
    {
        var answer = await _portal.RunAsync("user add new@portal.example --function sales --json --Mail:Host=mail.portal.example --Mail:From=portal@portal.example");

        Assert.Equal(0, answer.Exit);
        using var result = System.Text.Json.JsonDocument.Parse(answer.Out);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, result.RootElement.GetProperty("link").ValueKind);
        Assert.Equal(1, await _portal.CountAsync("SELECT count(*) FROM identity_accounts WHERE \"Email\" = 'new@portal.example' AND \"PasswordHash\" IS NULL"));
        Assert.Equal(1, await _portal.CountAsync("SELECT count(*) FROM identity_outbox"));
    }

    [Theory]
    [InlineData("correct horse battery staple", "--function sales", 0, "may log in as sales")]
    [InlineData("fourteen chars", "--function sales", 1, "fewer than 15 characters")]
    [InlineData("fourteen chars", "--function reseller-person --company DUNE", 0, "may log in as reseller-person")]
    [InlineData("short", "--function reseller-person --company DUNE", 1, "fewer than 12 characters")]
    public async Task A_password_from_standard_input_is_judged_like_any_other_and_by_who_it_is_for(string password, string who, int exit, string sentence)
    {
        var answer = await _portal.RunAsync($"user add new@portal.example {who} --password-stdin", password + Environment.NewLine);

        Assert.Equal(exit, answer.Exit);
        Assert.Contains(sentence, answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(password, answer.Out, StringComparison.Ordinal);
        Assert.Equal(exit == 0 ? 1 : 0, await _portal.CountAsync("SELECT count(*) FROM people WHERE \"Email\" = 'new@portal.example'"));
    }

    [Theory]
    [InlineData("user add nobody --function sales", "not an e-mail address")]
    [InlineData("user add sales@portal.example --function sales", "belongs to a person already")]
    [InlineData("user add new@portal.example --function king", "no function 'king'")]
    [InlineData("user add new@portal.example --function reseller-person", "give --company")]
    [InlineData("user add new@dune.example --function sales --company DUNE", "leave out --company")]
    [InlineData("user add new@dune.example --function supplier-person --company DUNE", "does not fit DUNE")]
    [InlineData("user add new@none.example --function partner-admin --company NONE", "No company has the code NONE")]
    [InlineData("user add new@vortex.example --function partner-admin --company VORTEX", "no supplier, distributor or channel partner")]
    [InlineData("user add new@portal.example --function sales --language fr", "not one of en, zh-Hans")]
    [InlineData("user add new@portal.example --function sales --subject s-1", "leave out --subject")]
    public async Task What_cannot_be_is_refused_in_a_sentence(string command, string sentence)
    {
        var before = await _portal.CountAsync("SELECT count(*) FROM people");
        var answer = await _portal.RunAsync(command);

        Assert.Equal(1, answer.Exit);
        Assert.Contains(sentence, answer.Out, StringComparison.Ordinal);
        Assert.Equal(before, await _portal.CountAsync("SELECT count(*) FROM people"));
    }

    [Fact]
    public async Task Without_a_function_it_is_wrong_usage() =>
        Assert.Equal(2, (await _portal.RunAsync("user add new@portal.example")).Exit);
}
