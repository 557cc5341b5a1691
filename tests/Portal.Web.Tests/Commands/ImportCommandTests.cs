using System.Text.Json;
using Xunit;

namespace Portal.Web.Tests.Commands;

[Collection(CommandLine.Name)]
public sealed class ImportCommandTests : IDisposable
{
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
    private const string Good = "536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,France\n";
    private const string Bad = "536366,22633,HAND WARMER UNION JACK,six,2010-12-01 08:28:00,1.85,17850,France\n";

    private readonly Installation _portal = new();
    private readonly string _files = Directory.CreateTempSubdirectory("portal-delivery-").FullName;

    public void Dispose()
    {
        _portal.Dispose();
        Directory.Delete(_files, recursive: true);
    }

    private async Task<Answer> ImportAsync(string rows, params string[] options)
    {
        await _portal.RunAsync("migrate");
        await File.WriteAllTextAsync(Path.Combine(_files, "2010-12-01.csv"), Header + rows);
        return await _portal.RunAsync(["import", "online-retail", _files, .. options]);
    }

    [Fact]
    public async Task Refused_rows_are_named_and_counted_and_the_good_ones_kept()
    {
        var answer = await ImportAsync(Good + Bad, "--json");

        Assert.Equal(1, answer.Exit);
        using var json = JsonDocument.Parse(answer.Out);
        var sets = json.RootElement.GetProperty("records").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!);
        Assert.Equal((2, 2, 0), (sets["products"].GetProperty("read").GetInt64(), sets["products"].GetProperty("created").GetInt64(), sets["products"].GetProperty("refused").GetInt64()));
        Assert.Equal((2, 1, 1), (sets["sell-through"].GetProperty("read").GetInt64(), sets["sell-through"].GetProperty("created").GetInt64(), sets["sell-through"].GetProperty("refused").GetInt64()));
        var refusal = Assert.Single(json.RootElement.GetProperty("refusals").EnumerateArray());
        Assert.Equal(("2010-12-01.csv", 3, "Quantity", "six", "import.not-a-number"), (refusal.GetProperty("file").GetString(), refusal.GetProperty("row").GetInt64(),
            refusal.GetProperty("column").GetString(), refusal.GetProperty("value").GetString(), refusal.GetProperty("code").GetString()));
        Assert.Equal(1, await _portal.CountAsync("SELECT COUNT(*) FROM demand_signals"));

        var again = await _portal.RunAsync(["import", "online-retail", _files]);
        Assert.Equal(1, again.Exit);
        Assert.Contains("2010-12-01.csv:3 Quantity 'six':", again.Out, StringComparison.Ordinal);
        Assert.Contains("products (product): read 2, created 0, updated 0, unchanged 2, refused 0, ignored 0", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_and_writes_nothing()
    {
        var answer = await ImportAsync(Good, "--dry-run");

        Assert.Equal(0, answer.Exit);
        Assert.Contains("sell-through (demand): read 1, created 1,", answer.Out, StringComparison.Ordinal);
        Assert.Contains("Dry run: nothing was written.", answer.Out, StringComparison.Ordinal);
        Assert.Equal(0, await _portal.CountAsync("SELECT COUNT(*) FROM products"));
    }

    [Fact]
    public async Task A_strict_run_takes_all_rows_or_none()
    {
        var refused = await ImportAsync(Good + Bad, "--strict");
        Assert.Equal(1, refused.Exit);
        Assert.Contains("Strict: nothing was written.", refused.Out, StringComparison.Ordinal);
        Assert.Equal(0, await _portal.CountAsync("SELECT COUNT(*) FROM products"));

        Assert.Equal(0, (await ImportAsync(Good, "--strict")).Exit);
        Assert.Equal(1, await _portal.CountAsync("SELECT COUNT(*) FROM demand_signals"));
    }

    [Fact]
    public async Task An_unknown_profile_or_path_is_wrong_usage_and_an_unknown_person_is_refused()
    {
        await _portal.RunAsync("migrate");
        Assert.Equal(2, (await _portal.RunAsync(["import", "no-such-profile", _files])).Exit);
        Assert.Equal(2, (await _portal.RunAsync(["import", "online-retail", Path.Combine(_files, "absent")])).Exit);
        Assert.Equal(1, (await _portal.RunAsync(["import", "online-retail", _files, "--as", "nobody@portal.example"])).Exit);
    }
}
