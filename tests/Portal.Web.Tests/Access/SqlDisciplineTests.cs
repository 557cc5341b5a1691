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

    /// <summary>Where other nodes may write too, nothing of a scope is kept between requests: account, person, company or teams, grants, shares are asked for each time.</summary>
    private const int ScopeWhereShared = 5;

    /// <summary>Tables that grow with use. What is counted in dozens (stages, territories, teams) may be read whole.</summary>
    private static readonly HashSet<string> Growing =
    [
        "companies", "contacts", "sites", "people", "person_functions", "person_territories", "products", "supplier_items", "opportunities", "opportunity_lines", "opportunity_contacts", "opportunity_totals",
        "stage_changes", "demand_signals", "demand_batches", "timeline_entries", "audit_entries", "comments", "shares", "documents", "document_versions", "document_receipts",
        "jobs", "saved_views", "bulk_changes", "search_entries", "external_keys", "idempotency_keys", "outbox_messages",
    ];

    /// <summary>Statements that read a growing table whole, by a piece of their text, and why they may.</summary>
    private static readonly Dictionary<string, string> WholeReads = new()
    {
        ["SELECT DISTINCT \"c\".\"Region\""] = "the regions that companies stand in, for the share form: to be taken from the territories, or kept apart, before companies are counted in millions",
        ["FROM \"people\" AS \"p\" ORDER BY \"p\".\"Name\""] = "people by name, for administrators: thousands at most, and no index by name alone",
        ["OR instr(\"p\".\"Name\""] = "a part of a person's name or address, for administrators: thousands at most",
        ["FROM \"people\" AS \"p\" WHERE \"p\".\"Active\" ORDER BY \"p\".\"Name\""] = "the first people by name in the look-up: thousands at most, and no index by name alone",
        ["FROM \"products\" AS \"p\" CROSS JOIN"] = "which partners take part in the programme at all, asked by who may see a product: partners are counted in thousands",
    };

    /// <summary>Surfaces whose page asks more often, and why.</summary>
    private static readonly Dictionary<string, string> MoreStatements = new()
    {
        ["GET /access/who-sees/{recordClass}/{id:long}"] = "asks the database anew in the scope of each colleague and company, so that the answer cannot differ from what they see; grows with the house",
        ["GET /opportunities/{id:long}/edit"] = "asks for the record, its lines and contacts, the stages, and then for the names of what the form points at, a question per kind: two too many, to be joined with the record",
        ["GET /reports/{name}/{handler?}"] = "demand by week asks for the leading products of each source, a pair of questions per source; a report is not a list",
    };

    [Theory, OnEachEngine]
    public async Task No_page_asks_more_than_six_times(string engine)
    {
        var run = await runs.OnAsync(engine);
        var most = MostStatements + (engine == Engines.PostgreSql ? ScopeWhereShared : 0);
        var pages = run.All.Where(s => s.IsPage).Select(s => s.Name).ToHashSet();
        var asked = run.Sql.Statements.Where(s => s.For.Length > 0).GroupBy(s => s.For)
            .Select(g => (For: Uri.UnescapeDataString(g.Key).Split('|'), Texts: g.Select(s => s.Text).ToList()))
            .Where(r => r.For[1].StartsWith("GET ", StringComparison.Ordinal) && r.Texts.Count > most && pages.Contains(r.For[1]) && !MoreStatements.ContainsKey(r.For[1]))
            .GroupBy(r => r.For[1]).Select(g => g.MaxBy(r => r.Texts.Count)).ToList();
        Assert.True(asked.Count == 0, string.Join("\n\n", asked.Select(r => $"{r.For[1]} ({r.For[2]}) asks {r.Texts.Count} times:\n{string.Join("\n", r.Texts.GroupBy(t => t).OrderByDescending(g => g.Count()).Take(7).Select(g => $"{g.Count()} × {Short(g.Key)}"))}")));
    }

    [Fact]
    public async Task No_statement_reads_a_growing_table_whole()
    {
        var run = await runs.OnAsync(Engines.Sqlite);
        await using var rows = await Rows.OpenAsync(run.Portal);
        List<string> whole = [];
        var used = new HashSet<string>();
        foreach (var statement in run.Sql.Statements.Where(s => s.For.Length > 0 && s.Text.TrimStart().StartsWith("SELECT", StringComparison.Ordinal)).DistinctBy(s => s.Text))
        {
            var tables = Aliases().Matches(statement.Text).DistinctBy(m => m.Groups["alias"].Value).ToDictionary(m => m.Groups["alias"].Value, m => m.Groups["table"].Value);
            foreach (var step in await rows.ReadAsync("EXPLAIN QUERY PLAN " + statement.Text, statement.Parameters))
            {
                var scan = Scan().Match((string)step[3]!);
                // A list in the order of its keys walks the table itself and stops after a page; a file or a report reads all that it tells.
                if (scan.Success && (IsWalk(statement.Text, scan.Groups["alias"].Value) || IsWhole(statement.For))) { continue; }
                if (!scan.Success || !tables.TryGetValue(scan.Groups["alias"].Value, out var table) || !Growing.Contains(table)) { continue; }
                if (WholeReads.Keys.FirstOrDefault(k => statement.Text.ReplaceLineEndings(" ").Contains(k, StringComparison.Ordinal)) is { } known) { used.Add(known); continue; }
                whole.Add($"{Uri.UnescapeDataString(statement.For)}: {step[3]} ({table})\n  {Short(statement.Text)}");
            }
        }
        Assert.True(whole.Count == 0, $"{whole.Count} steps:\n{string.Join('\n', whole)}");
        Assert.Empty(WholeReads.Keys.Except(used));
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

    private static bool IsWalk(string text, string alias) => text.Contains($"ORDER BY \"{alias}\".\"Id\"", StringComparison.Ordinal) && text.Contains("LIMIT", StringComparison.Ordinal) || text.Contains("WHERE 0", StringComparison.Ordinal);

    private static bool IsWhole(string asked) => Uri.UnescapeDataString(asked) is var what && (what.Contains("|export=", StringComparison.Ordinal) || what.EndsWith("|show=true", StringComparison.Ordinal));

    private static string Short(string text) => text.ReplaceLineEndings(" ") is { Length: > 200 } one ? one[..200] + "…" : text.ReplaceLineEndings(" ");

    [GeneratedRegex("(?:FROM|JOIN) \"(?<table>\\w+)\" AS \"(?<alias>\\w+)\"")]
    private static partial Regex Aliases();

    [GeneratedRegex("^SCAN (?<alias>\\w+)(?! USING)")]
    private static partial Regex Scan();

    [GeneratedRegex(@"(?<left>\S+) [*/] (?<right>\S+)")]
    private static partial Regex Products();

    [GeneratedRegex(@"^\(*-?[0-9]+[),]*$")]
    private static partial Regex WholeNumber();
}
