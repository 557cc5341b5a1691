using System.Text.Json;
using Xunit;

namespace Portal.Web.Tests.Commands;

[Collection(CommandLine.Name)]
public sealed class CheckTests : IDisposable
{
    private readonly Installation _portal = new();

    public void Dispose() => _portal.Dispose();

    [Fact]
    public async Task A_demo_house_is_in_order()
    {
        await _portal.RunAsync("demo");
        var answer = await _portal.RunAsync("check --json");

        Assert.Equal(0, answer.Exit);
        using var result = JsonDocument.Parse(answer.Out);
        Assert.True(result.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(0, result.RootElement.GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task A_database_that_was_never_migrated_is_not()
    {
        var answer = await _portal.RunAsync("check");

        Assert.Equal(1, answer.Exit);
        Assert.Contains("schema.behind", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_tampered_with_is_named_and_counted()
    {
        await _portal.RunAsync("demo");
        await _portal.TamperAsync("""DELETE FROM search_entries WHERE "Id" = (SELECT "Id" FROM companies WHERE "Code" = 'ALPINE')""");
        await _portal.TamperAsync("""DELETE FROM audit_entries WHERE "RecordId" IN (SELECT "Id" FROM companies LIMIT 3)""");
        await _portal.TamperAsync("""UPDATE shares SET "RecordId" = 1 WHERE "Id" = (SELECT min("Id") FROM shares)""");
        await _portal.TamperAsync("""PRAGMA foreign_keys = OFF; UPDATE sites SET "CompanyId" = 7 WHERE "Id" = (SELECT min("Id") FROM sites)""");

        var answer = await _portal.RunAsync("check");

        Assert.Equal(1, answer.Exit);
        Assert.Contains("search.missing: 1 records of Company", answer.Out, StringComparison.Ordinal);
        Assert.Contains("audit.missing: 3 records of Company", answer.Out, StringComparison.Ordinal);
        Assert.Contains("share.orphans: 1", answer.Out, StringComparison.Ordinal);
        Assert.Contains("database.damaged: sites", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_without_its_content_or_with_another_is_named()
    {
        await _portal.RunAsync("demo");
        var files = Directory.EnumerateFiles(Path.Combine(_portal.Folder, "files"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(3).ToList();
        File.Delete(files[0]);
        await File.AppendAllTextAsync(files[1], "more", TestContext.Current.CancellationToken);
        await _portal.TamperAsync($"""UPDATE document_versions SET "Size" = "Size" + 1 WHERE "Sha256" = '{Path.GetFileName(files[2])}'""");

        var answer = await _portal.RunAsync("check");

        Assert.Equal(1, answer.Exit);
        Assert.Contains("document.content-missing", answer.Out, StringComparison.Ordinal);
        Assert.Contains("document.content-changed", answer.Out, StringComparison.Ordinal);
        Assert.Contains("document.size-wrong", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_unreachable()
    {
        var answer = await _portal.RunAsync(["check", "--Database:Provider", "PostgreSql", "--Database:ConnectionString", "Host=127.0.0.1;Port=7699;Database=portal;Username=portal;Timeout=3"]);

        Assert.Equal(3, answer.Exit);
        Assert.NotEmpty(answer.Error);
    }
}
