using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Portal.Domain.Exchange;
using Xunit;

namespace Portal.Web.Tests.Resilience;

/// <summary>The power goes while an import writes: a real process, killed between two of its batches.</summary>
public sealed class KilledImportTests : IDisposable
{
    private const int Products = (3 * Importer.BatchSize) + 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("portal-killed-").FullName;

    private string DatabaseFile => Path.Combine(_folder, "data", "portal.db");

    [Fact]
    public async Task Running_it_again_brings_in_every_row_once()
    {
        var delivery = Directory.CreateDirectory(Path.Combine(_folder, "delivery")).FullName;
        await File.WriteAllTextAsync(Path.Combine(delivery, "2026-01-05.csv"), Sales());
        Assert.Equal(0, await RunAsync("migrate"));

        using (var import = Start("import", "online-retail", delivery))
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            while (!import.HasExited && await CountAsync("SELECT COUNT(*) FROM products") == 0) { await pause.WaitForNextTickAsync(); }
            Assert.False(import.HasExited, "the import ended before it could be killed");
            import.Kill(entireProcessTree: true);
            await import.WaitForExitAsync();
        }
        var halfway = await CountAsync("SELECT COUNT(*) FROM products");
        Assert.InRange(halfway, 1, Products - 1);
        Assert.Equal(0, halfway % Importer.BatchSize);
        Assert.Equal(halfway, await CountAsync("""SELECT COUNT(*) FROM products AS p JOIN external_keys AS k ON k."RecordId" = p."Id" JOIN search_entries AS s ON s."Id" = p."Id" """));

        Assert.Equal(0, await RunAsync("import", "online-retail", delivery));
        Assert.Equal(Products, await CountAsync("SELECT COUNT(*) FROM products"));
        Assert.Equal(Products, await CountAsync("""SELECT COUNT(DISTINCT "Code") FROM products"""));
        Assert.Equal(Products, await CountAsync("SELECT COUNT(*) FROM demand_signals"));
        Assert.Equal(Products * 3 * 10_000L, await CountAsync("""SELECT SUM("Quantity") FROM demand_signals"""));
        Assert.Equal(Products, await CountAsync("""SELECT COUNT(*) FROM audit_entries WHERE "Entity" = 'Product' AND "Action" = 'created'"""));
        Assert.Equal(0, await RunAsync("check"));
    }

    private static string Sales()
    {
        var rows = new StringBuilder("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
        for (var i = 0; i < Products; i++) { rows.Append(CultureInfo.InvariantCulture, $"{600000 + i},P{i:00000},GARDEN LANTERN {i},3,2026-01-05 10:00:00,2.5,17850,France\n"); }
        return rows.ToString();
    }

    private Process Start(params string[] command) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Portal.Web.dll"), .. command, "--Portal:DataFolder", Path.Combine(_folder, "data")])
    {
        WorkingDirectory = _folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private async Task<int> RunAsync(params string[] command)
    {
        using var process = Start(command);
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) { TestContext.Current.SendDiagnosticMessage(string.Join('\n', said)); }
        return process.ExitCode;
    }

    private async Task<long> CountAsync(string question)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = question;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
