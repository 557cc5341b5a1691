using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Testing.Databases;
using Portal.Testing.Hosting;
using Xunit;

namespace Portal.Web.Tests.Access;

/// <summary>What the pages of the matrix ask of the database: little, by index, and without arithmetic that an engine would get wrong.</summary>
[Collection(Isolation.Name)]
public sealed partial class SqlDisciplineTests(MatrixRuns runs)
{
    private const int MostStatements = 6;

    /// <summary>Tables that grow with use. What is counted in dozens (stages, territories, teams) may be read whole.</summary>
    private static readonly HashSet<string> Growing =
    [
        "companies", "contacts", "sites", "people", "person_functions", "person_territories", "products", "supplier_items", "opportunities", "opportunity_lines", "opportunity_contacts", "opportunity_totals",
        "stage_changes", "demand_signals", "demand_batches", "timeline_entries", "audit_entries", "comments", "shares", "documents", "document_versions", "document_receipts",
        "jobs", "saved_views", "bulk_changes", "search_entries", "external_keys", "idempotency_keys", "outbox_messages",
    ];

    /// <summary>Statements that read a growing table whole, by a piece of their text, and why they may.</summary>
    private static readonly (string Engine, string Piece, string Reason)[] MayReadWhole =
    [
        (Engines.Sqlite, "FROM \"supplier_items\" AS \"s\" INNER JOIN \"companies\"", "the report of all items in use: those out of use are few"),
        (Engines.Sqlite, "SELECT \"p0\".\"Id\", \"p0\".\"Name\", \"c", "who sees what is given to a kind of partner: its people are gone through, with the colleagues and their territories, and 4,000 at most are looked at"),
        (Engines.Sqlite, "FROM \"people\" AS \"p\"     WHERE \"p\".\"Active\" AND \"p\".\"CompanyId\" IS NOT NULL     LIMIT", "the count of all people whom one may look at the portal as: those that it leaves out, of the house or gone, are few beside those of partners"),
        (Engines.PostgreSql, "SELECT p1.\"Id\", p1.\"Name\", c", "as on SQLite: who sees what is given to a kind of partner"),
        (Engines.PostgreSql, "FROM companies AS c LEFT JOIN territories", "the directory of all customers, which most companies are"),
        (Engines.PostgreSql, "FROM supplier_items AS s INNER JOIN companies", "the report of all items in use: those out of use are few"),
        (Engines.PostgreSql, "SubPlan", "own column or shared: PostgreSQL keeps the shared ids in memory and goes through the records, where SQLite joins two indexes; a page of a list stops early, a bounded count and a file do not"),
        (Engines.PostgreSql, "(\"Active\" AND (\"CompanyId\" IS NOT NULL))", "the file and the count of all people whom one may look at the portal as: those that it leaves out, of the house or gone, are few beside those of partners"),
        (Engines.PostgreSql, "search_entries AS e", "the matrix looks for one letter, which many words have: no index spares anything"),
    ];

    /// <summary>The same for statements that do so behind the second wall only.</summary>
    private static readonly (string Piece, string Reason)[] MayReadWholeBehindTheWall =
    [
        ("SELECT c.\"RecordId\", COALESCE((", "the newest comments on the home page: of tables that it knows nothing of, PostgreSQL would rather keep the ids of opportunities seen in full in memory than look each up, for which the wall makes it ask twice"),
    ];

    [Theory, OnEachEngine]
    public async Task No_page_and_no_read_of_the_api_asks_more_than_six_times(string engine)
    {
        var run = await runs.OnAsync(engine);
        var pages = run.All.Where(s => s.IsPage || s.Template.StartsWith("/api/", StringComparison.Ordinal) && !MatrixExceptions.WritingReads.ContainsKey(s.Name)).Select(s => s.Name).ToHashSet();
        var asked = run.Sql.Statements.Where(s => s.For.Length > 0).GroupBy(s => s.For)
            .Select(g => (For: Uri.UnescapeDataString(g.Key).Split('|'), Texts: g.Select(s => s.Text).ToList()))
            .Where(r => r.For[1].StartsWith("GET ", StringComparison.Ordinal) && r.Texts.Count > MostStatements && pages.Contains(r.For[1]))
            .GroupBy(r => r.For[1]).Select(g => g.MaxBy(r => r.Texts.Count)).ToList();
        Assert.True(asked.Count == 0, string.Join("\n\n", asked.Select(r => $"{r.For[1]} ({r.For[2]}) asks {r.Texts.Count} times:\n{string.Join("\n", r.Texts.GroupBy(t => t).OrderByDescending(g => g.Count()).Take(20).Select(g => $"{g.Count()} × {Short(g.Key)}"))}")));
    }

    [Fact]
    public async Task A_page_of_a_record_that_is_out_of_sight_costs_one_question()
    {
        var run = await runs.OnAsync(Engines.Sqlite);
        var pages = run.All.Where(s => s is { IsPage: true, Verb: "GET", Main.InRoute: true }).Select(s => s.Name).ToHashSet();
        var refused = run.Sql.Statements.Where(s => s.For.Length > 0).GroupBy(s => s.For)
            .Select(g => (For: Uri.UnescapeDataString(g.Key).Split('|'), Texts: g.Select(s => s.Text).ToList()))
            .Where(r => pages.Contains(r.For[1]) && r.For[2] is nameof(Asked.Hidden) or nameof(Asked.Absent)).ToList();
        Assert.True(refused.Select(r => r.For[1]).Distinct().Count() > 20, "too few pages were refused");
        var dear = refused.Where(r => r.Texts.Count > 1).GroupBy(r => r.For[1]).Select(g => g.MaxBy(r => r.Texts.Count)).ToList();
        Assert.True(dear.Count == 0, string.Join("\n\n", dear.Select(r => $"{r.For[1]} ({r.For[2]}) asks {r.Texts.Count} times:\n{string.Join("\n", r.Texts.Select(Short))}")));
    }

    [Theory, OnEachEngine]
    public async Task No_statement_reads_a_growing_table_whole(string engine)
    {
        var run = await runs.OnAsync(engine);
        await using var rows = await Rows.OpenAsync(run.Portal);
        var plans = new Plans(rows, engine, Growing);
        await plans.PrepareAsync();
        List<string> whole = [];
        var used = new HashSet<string>();
        var looked = 0;
        foreach (var statement in run.Sql.Statements.Where(s => s.For.Length > 0 && s.Text.TrimStart().StartsWith("SELECT", StringComparison.Ordinal)).DistinctBy(s => (s.Text, IsFile(s.For))))
        {
            looked++;
            foreach (var read in await plans.OfAsync(statement))
            {
                // A file, a report or a count tells all that it reads; what it throws away, an index must spare it.
                if (!read.Filters && IsFile(statement.For)) { continue; }
                if (MayReadWhole.FirstOrDefault(m => m.Engine == engine && $"{read.Step} {statement.Text.ReplaceLineEndings(" ")}".Contains(m.Piece, StringComparison.Ordinal)) is { Piece: { } known }) { used.Add(known); continue; }
                whole.Add($"{Uri.UnescapeDataString(statement.For)}: {read.Step} ({read.Table})\n  {Short(statement.Text)}");
            }
        }
        Assert.True(looked > 200, $"only {looked} statements");
        Assert.True(whole.Count == 0, $"{whole.Count} steps:\n{string.Join('\n', whole)}");
        // PostgreSQL weighs, and does not weigh the same in every version.
        if (engine == Engines.Sqlite) { Assert.Empty(MayReadWhole.Where(m => m.Engine == engine).Select(m => m.Piece).Except(used)); }
    }

    [Theory, OnEachEngine(Only = Engines.PostgreSql)]
    public async Task The_second_wall_makes_no_statement_read_a_growing_table_whole(string engine)
    {
        var run = await runs.OnAsync(engine);
        await using var rows = await Rows.OpenAsync(run.Portal);
        var plans = new Plans(rows, engine, Growing);
        await plans.PrepareAsync();
        List<string> whole = [];
        var looked = 0;
        foreach (var statement in run.Sql.Statements.Where(s => s.For.Length > 0 && s.Parameters.Any(p => p.Name == "asker_company")).DistinctBy(s => s.Text))
        {
            looked++;
            whole.AddRange((await plans.OfWallAsync(statement)).Where(_ => !MayReadWholeBehindTheWall.Any(m => statement.Text.ReplaceLineEndings(" ").Contains(m.Piece, StringComparison.Ordinal))).Select(read => $"{Uri.UnescapeDataString(statement.For)}: {read.Step} ({read.Table})\n  {Short(statement.Text)}"));
        }
        Assert.True(looked > 50, $"only {looked} statements");
        Assert.True(whole.Count == 0, $"{whole.Count} steps:\n{string.Join('\n', whole)}");
    }

    [Theory, OnEachEngine]
    public async Task No_statement_multiplies_or_divides_an_amount(string engine)
    {
        var run = await runs.OnAsync(engine);
        await using var db = run.Portal.System();
        var amounts = db.Model.GetEntityTypes().SelectMany(t => t.GetProperties()).Where(p => (Nullable.GetUnderlyingType(p.ClrType) ?? p.ClrType) == typeof(decimal)).Select(p => $"\"{p.GetColumnName()}\"").ToHashSet();
        Assert.NotEmpty(amounts);
        var wrong = run.Sql.Statements.DistinctBy(s => s.Text).SelectMany(s => Products().Matches(s.Text).Select(m => (s, m)))
            .Where(x => Touches(x.m.Groups["left"].Value) && !IsWhole(x.m.Groups["right"].Value) || Touches(x.m.Groups["right"].Value) && !IsWhole(x.m.Groups["left"].Value))
            .Select(x => $"{x.m.Value} in {Short(x.s.Text)}").ToList();
        Assert.Empty(wrong);

        bool Touches(string operand) => amounts.Any(a => operand.Contains(a, StringComparison.Ordinal));
        static bool IsWhole(string operand) => WholeNumber().IsMatch(operand);
    }

    private static bool IsFile(string asked) => Uri.UnescapeDataString(asked) is var what && (what.Contains("|export=", StringComparison.Ordinal) || what.EndsWith("|count=1", StringComparison.Ordinal) || what.EndsWith("|show=true", StringComparison.Ordinal));

    private static string Short(string text) => text.ReplaceLineEndings(" ") is { Length: > 900 } one ? one[..900] + "…" : text.ReplaceLineEndings(" ");

    [GeneratedRegex(@"(?<left>\S+) [*/] (?<right>\S+)")]
    private static partial Regex Products();

    [GeneratedRegex(@"^\(*-?[0-9]+[),]*$")]
    private static partial Regex WholeNumber();
}
