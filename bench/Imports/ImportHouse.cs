using Microsoft.Data.Sqlite;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;
using Portal.Identity.Commands;
using Portal.Web.Exchange;
using Portal.Web.Host;

namespace Portal.Bench.Imports;

/// <summary>The bench data brought into an empty portal by the product's own import, as an administrator.</summary>
internal sealed class ImportHouse : IAsyncDisposable
{
    private const string Around = """
        { "title": "Bench", "source": "bench", "files": { "rows": "*" }, "records": [ RECORDS ] }
        """;

    private const string Partners = """
        { "name": "partners", "kind": "company", "file": "rows", "key": "code",
          "fields": { "code": "code", "name": "name", "city": "city", "roles": { "constant": "ChannelPartner" } } }
        """;

    private const string Customers = """
        { "name": "customers", "kind": "company", "file": "rows", "key": "code",
          "fields": { "code": "code", "name": "name", "city": "city", "email": "email", "roles": { "constant": "Customer" } } }
        """;

    private const string Opportunities = """
        { "name": "opportunities", "kind": "opportunity", "file": "rows", "key": "id",
          "fields": { "number": "id", "title": "title", "partner": { "column": "partner_code", "by": "code" }, "customer": { "column": "customer_code", "by": "code" },
                      "stage": { "column": "stage", "by": "code" }, "amount": "amount", "closeDate": "close_date", "openedOn": "opened" } }
        """;

    private readonly WebApplication _app;
    private readonly Importer _importer;

    private ImportHouse(WebApplication app) => (_app, _importer) = (app, app.Services.GetRequiredService<Importer>());

    public static async Task<ImportHouse> OpenAsync(string folder, CancellationToken ct)
    {
        // Connections that an earlier round left in the pool hold the file that goes.
        SqliteConnection.ClearAllPools();
        if (Directory.Exists(folder)) { Directory.Delete(folder, recursive: true); }
        var app = PortalHost.Build([$"--Portal:DataFolder={folder}", "--environment=Production"], CommandHosting.AsCommand);
        if ((await app.Services.GetRequiredService<Schema>().MigrateAsync(ct)).Refusal is { } refusal) { throw new InvalidOperationException(refusal.Code); }
        return new(app);
    }

    public async Task LoadCompaniesAsync(string csv, CancellationToken ct)
    {
        await RunAsync(Partners, Path.Combine(csv, "partners.csv"), new(), ct);
        await RunAsync(Customers, Path.Combine(csv, "customers.csv"), new(), ct);
    }

    public Task<ImportResult> LoadOpportunitiesAsync(string file, ImportOptions options, CancellationToken ct) => RunAsync(Opportunities, file, options, ct);

    private async Task<ImportResult> RunAsync(string records, string file, ImportOptions options, CancellationToken ct)
    {
        var (profile, problems) = ProfileReader.Read("bench", Around.Replace("RECORDS", records, StringComparison.Ordinal), _importer.Schemas);
        if (profile is null) { throw new InvalidOperationException(string.Join('\n', problems)); }
        await using var db = _app.Services.GetRequiredService<PortalDb>().For(AccessScope.ForStaff(4, "Administrator", [Functions.Administrator], [], [], []), "import:bench");
        var refusals = new List<string>();
        var result = await _importer.RunAsync(profile, ImportFolder.At(file, profile).Value, options, db, refusal => { if (refusals.Count < 10) { refusals.Add(refusal.ToString()); } }, null, ct);
        return refusals.Count == 0 ? result : throw new InvalidOperationException(string.Join('\n', refusals));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
