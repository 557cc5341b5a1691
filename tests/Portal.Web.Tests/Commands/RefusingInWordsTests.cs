using Xunit;

namespace Portal.Web.Tests.Commands;

/// <summary>Whoever starts a command with settings, a folder or a name that cannot be gets a sentence and a code, never a stack of calls.</summary>
[Collection(CommandLine.Name)]
public sealed class RefusingInWordsTests : IDisposable
{
    private readonly Installation _portal = new();

    public void Dispose() => _portal.Dispose();

    [Theory]
    [InlineData("--Database:Provider Foo", "Choose Sqlite or PostgreSql")]
    [InlineData("--Database:Provider PostgreSql", "Database:ConnectionString is needed")]
    [InlineData("--Portal:Node 5000", "0 to 1023")]
    [InlineData("--Portal:Node two", "0 to 1023")]
    public async Task A_setting_that_cannot_be_is_named(string setting, string reason)
    {
        foreach (var command in (string[])["check ", ""])
        {
            var answer = await _portal.RunAsync(command + setting);

            Assert.Equal(1, answer.Exit);
            Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_named()
    {
        var file = Path.Combine(_portal.Folder, "taken");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var answer = await _portal.RunIn(file, "check");

        Assert.Equal(1, answer.Exit);
        Assert.Contains(file, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_a_finding_of_check_and_stops_the_others()
    {
        await File.WriteAllTextAsync(_portal.DatabaseFile, new string('x', 8192), TestContext.Current.CancellationToken);

        var check = await _portal.RunAsync("check");
        var migrate = await _portal.RunAsync("migrate");

        Assert.Equal((1, 1), (check.Exit, migrate.Exit));
        Assert.StartsWith("fault database.damaged", check.Out, StringComparison.Ordinal);
        Assert.Contains("Restore a backup", migrate.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_needs_migrated_tables()
    {
        var answer = await _portal.RunAsync($"report sales-pipeline --as manager@portal.example --format csv --out {Path.Combine(_portal.Folder, "x.csv")}");

        Assert.Equal(1, answer.Exit);
        Assert.Contains("Run the command migrate", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_names_what_is_wrong_with_its_file_its_format_and_its_reader()
    {
        await _portal.RunAsync("demo");
        var target = Path.Combine(_portal.Folder, "x.csv");
        Task<Answer> Ask(string who, string format, string file) => _portal.RunAsync($"report sales-pipeline --as {who} --format {format} --out {file}");

        var done = await Ask("manager@portal.example", "csv", target);
        var nowhere = await Ask("manager@portal.example", "csv", Path.Combine(_portal.Folder, "missing", "x.csv"));
        var folder = await Ask("manager@portal.example", "csv", _portal.Folder);
        var format = await Ask("manager@portal.example", "doc", target);
        var stranger = await Ask("nobody@portal.example", "csv", target);
        var unknown = await _portal.RunAsync($"report sales --as manager@portal.example --format csv --out {target}");

        Assert.Equal((0, 2, 2, 2, 1, 1), (done.Exit, nowhere.Exit, folder.Exit, format.Exit, stranger.Exit, unknown.Exit));
        Assert.Contains("There is no report named sales.", unknown.Out, StringComparison.Ordinal);
        Assert.Contains("  sales-pipeline", unknown.Out.Split('\n').Select(line => line.TrimEnd()));
        Assert.True(File.Exists(target));
        Assert.Contains("cannot be written", nowhere.Error, StringComparison.Ordinal);
        Assert.Contains("is a folder", folder.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Portal.Reports", format.Error, StringComparison.Ordinal);
        Assert.Contains("no active person nobody@portal.example", stranger.Out, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_portal.Folder, "*.part"));
    }
}
