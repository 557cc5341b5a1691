using System.Text.Json;
using Portal.Testing.Databases;
using Portal.Web.Demo;
using Xunit;

namespace Portal.Web.Tests.Commands;

[Collection(CommandLine.Name)]
public sealed class MigrateAndDemoTests : IDisposable
{
    private readonly Installation _portal = new();

    public void Dispose() => _portal.Dispose();

    [Fact, Trait("asvs", "V6.3.2")]
    public async Task Migrating_an_empty_folder_installs_stages_and_standard_rules_once()
    {
        var first = await _portal.RunAsync("migrate");
        var second = await _portal.RunAsync("migrate");

        Assert.Equal((0, 0), (first.Exit, second.Exit));
        Assert.Contains("up to date", second.Out, StringComparison.Ordinal);
        Assert.Equal(8, await _portal.CountAsync("SELECT count(*) FROM sales_stages"));
        Assert.Equal(7, await _portal.CountAsync("SELECT count(*) FROM access_grants"));
        // Nobody can log in to a new house by a name and password that everybody knows.
        Assert.Equal(0, await _portal.CountAsync("SELECT (SELECT count(*) FROM people) + (SELECT count(*) FROM identity_accounts)"));
    }

    /// <summary>Whether such a database is new is asked by a statement that fails there.</summary>
    [Theory, OnEachEngine(Only = Engines.PostgreSql)]
    public async Task A_new_database_is_checked_and_migrated_without_an_error_line(string engine)
    {
        await using var database = await TestDatabases.CreateAsync(engine, ct: TestContext.Current.CancellationToken);
        string[] there = ["--Database:Provider", engine, "--Database:ConnectionString", database.ConnectionString];

        var early = await _portal.RunAsync(["check", .. there]);
        var first = await _portal.RunAsync(["migrate", .. there]);
        var late = await _portal.RunAsync(["check", .. there]);

        Assert.Equal((1, 0, 0), (early.Exit, first.Exit, late.Exit));
        Assert.Equal(("", "", ""), (early.Error, first.Error, late.Error));
    }

    [Fact]
    public async Task A_rule_that_was_taken_away_stays_away()
    {
        await _portal.RunAsync("migrate");
        await _portal.RunAsync("user add ada@portal.example --function administrator");
        await _portal.TamperAsync("DELETE FROM access_grants");

        await _portal.RunAsync("migrate");

        Assert.Equal(0, await _portal.CountAsync("SELECT count(*) FROM access_grants"));
    }

    [Theory, InlineData("migrate"), InlineData("demo"), InlineData("user add ada@portal.example --function administrator"), InlineData("check"), InlineData("")]
    public async Task A_newer_schema_is_left_alone_and_named(string command)
    {
        await _portal.RunAsync("migrate");
        await _portal.TamperAsync("INSERT INTO portal_migrations VALUES ('29991231000000_Tomorrow', '99.0')");

        var answer = await _portal.RunAsync(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(1, answer.Exit);
        Assert.Contains("29991231000000_Tomorrow", answer.Out + answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serving_with_a_strange_master_key_is_refused_in_words()
    {
        await _portal.RunAsync("migrate");
        await _portal.TamperAsync("INSERT INTO identity_data_protection_keys (FriendlyName, Xml) VALUES ('of another node', 'sealed.v1.0123456789abcdef.AAAA')");

        var answer = await _portal.RunAsync([]);

        Assert.Equal(1, answer.Exit);
        Assert.StartsWith("The keys in the database were sealed under another master key", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_data_goes_into_an_empty_database_only()
    {
        var first = await _portal.RunAsync("demo --json");
        var second = await _portal.RunAsync("demo");

        Assert.Equal(0, first.Exit);
        using var made = JsonDocument.Parse(first.Out);
        Assert.Equal(250, made.RootElement.GetProperty("made").GetProperty("opportunities").GetInt32());
        Assert.Equal(DemoPeople.WhoLogIn.Count(), made.RootElement.GetProperty("people").GetArrayLength());
        Assert.Equal(DemoPeople.WhoLogIn.Count(), await _portal.CountAsync("SELECT count(*) FROM people p JOIN identity_accounts a ON lower(replace(a.\"Id\", '-', '')) = p.\"Subject\" AND lower(a.\"Email\") = p.\"Email\""));
        Assert.Equal(1, second.Exit);
        Assert.Contains("empty", second.Out, StringComparison.Ordinal);
    }

    [Theory, InlineData("demo --scale 0"), InlineData("demo --scale many"), InlineData("demo --sclae 2")]
    public async Task Wrong_usage_does_nothing(string command)
    {
        var answer = await _portal.RunAsync(command);

        Assert.Equal(2, answer.Exit);
        Assert.False(File.Exists(_portal.DatabaseFile));
    }
}
