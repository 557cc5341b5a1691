using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Testing.Databases;
using Portal.Testing.Hosting;

namespace Portal.Web.Tests.Access;

/// <summary>A step of a plan that goes through a table from end to end.</summary>
/// <param name="Filters">It throws rows away: an index could have spared them.</param>
public sealed record WholeRead(string Table, string Step, bool Filters);

/// <summary>Asks an engine how it would answer a statement on tables of a million rows.</summary>
public sealed partial class Plans(Rows rows, string engine, IReadOnlySet<string> growing)
{
    private HashSet<string> _partial = [];

    private string Names => string.Join(", ", growing.Select(g => $"'{g}'"));

    /// <summary>PostgreSQL weighs what tables hold: they are said to be large. SQLite goes by its indexes.</summary>
    public async Task PrepareAsync()
    {
        if (engine == Engines.Sqlite)
        {
            _partial = [.. (await rows.ReadAsync("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'")).Select(r => (string)r[0]!)];
            return;
        }
        await rows.ExecuteAsync("ANALYZE");
        await rows.ExecuteAsync($"""
            UPDATE pg_class AS c SET reltuples = 1000000, relpages = greatest(c.relpages, 1) FROM pg_class AS t LEFT JOIN pg_index AS i ON i.indrelid = t.oid
            WHERE t.relname IN ({Names}) AND c.oid IN (t.oid, i.indexrelid)
            """);
        // What the few rows of a test happen to have in common says nothing of a million.
        await rows.ExecuteAsync($"DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relname IN ({Names}))");
        await rows.ExecuteAsync("SET jit = off; SET max_parallel_workers_per_gather = 0");
    }

    public Task<List<WholeRead>> OfAsync(SqlStatement statement) => engine == Engines.Sqlite ? OfSqliteAsync(statement) : OfPostgreSqlAsync(statement);

    private async Task<List<WholeRead>> OfSqliteAsync(SqlStatement statement)
    {
        var tables = Aliases().Matches(statement.Text).DistinctBy(m => m.Groups["alias"].Value).ToDictionary(m => m.Groups["alias"].Value, m => m.Groups["table"].Value);
        var steps = (await rows.ReadAsync("EXPLAIN QUERY PLAN " + statement.Text, statement.Parameters)).Select(s => (string)s[3]!).ToList();
        // A page of a list walks an index, or the table in the order of its keys, and stops; what is sorted or grouped first has been read whole.
        var isPage = statement.Text.Contains("LIMIT", StringComparison.Ordinal) && !steps.Any(s => s.StartsWith("USE TEMP B-TREE FOR", StringComparison.Ordinal) && !s.Contains("LAST TERM", StringComparison.Ordinal));
        List<WholeRead> found = [];
        foreach (var step in steps)
        {
            var scan = Scan().Match(step);
            if (!scan.Success || !tables.TryGetValue(scan.Groups["alias"].Value, out var table) || !growing.Contains(table)) { continue; }
            var ordered = scan.Groups["index"].Success || statement.Text.Contains($"ORDER BY \"{scan.Groups["alias"].Value}\".\"Id\"", StringComparison.Ordinal);
            // An index of some rows only is read from end to end because it holds nothing else.
            if (isPage && ordered || scan.Groups["index"] is { Success: true, Value: var index } && _partial.Contains(index) || statement.Text.Contains("WHERE 0", StringComparison.Ordinal)) { continue; }
            var where = Conditions().Matches(statement.Text).Select(m => m.Value);
            found.Add(new(table, step, where.Any(w => w.Contains($"\"{scan.Groups["alias"].Value}\".", StringComparison.Ordinal))));
        }
        return found;
    }

    /// <summary>Tables that the second wall of PostgreSQL makes the statement read whole: beside what the question itself reads so.</summary>
    public async Task<IReadOnlyList<WholeRead>> OfWallAsync(SqlStatement statement)
    {
        var (asker, question) = Parts(statement);
        if (asker is null) { return []; }
        var open = (await OfQuestionAsync(question, statement)).Select(r => r.Table).ToHashSet();
        return (await OfPostgreSqlAsync(statement)).FindAll(r => !open.Contains(r.Table));
    }

    /// <summary>As whom it was asked, where it says so, and what.</summary>
    private static (string? Asker, string Question) Parts(SqlStatement statement)
    {
        if (!statement.Text.StartsWith("SELECT set_config('role'", StringComparison.Ordinal)) { return (null, statement.Text); }
        var end = statement.Text.IndexOf(";\n", StringComparison.Ordinal) + 2;
        return (statement.Text[..end], statement.Text[end..]);
    }

    private async Task<List<WholeRead>> OfPostgreSqlAsync(SqlStatement statement)
    {
        var (asker, question) = Parts(statement);
        if (asker is null) { return await OfQuestionAsync(question, statement); }
        await rows.ExecuteAsync("BEGIN");
        try
        {
            await rows.ReadAsync(asker, statement.Parameters);
            return await OfQuestionAsync(question, statement);
        }
        finally { await rows.ExecuteAsync("ROLLBACK"); }
    }

    private async Task<List<WholeRead>> OfQuestionAsync(string question, SqlStatement statement)
    {
        var answer = await rows.ReadAsync("EXPLAIN (FORMAT JSON, COSTS OFF) " + question, statement.Parameters);
        using var plan = JsonDocument.Parse((string)answer[0][0]!);
        List<WholeRead> found = [];
        Walk(plan.RootElement[0].GetProperty("Plan"), isPage: false);
        return found;

        void Walk(JsonElement node, bool isPage)
        {
            var type = node.GetProperty("Node Type").GetString()!;
            string? Said(string name) => node.TryGetProperty(name, out var value) ? value.ToString() : null;
            // What stands below is never begun.
            if (Said("One-Time Filter") == "false") { return; }
            if (Said("Relation Name") is { } table && growing.Contains(table) && type is "Seq Scan" or "Index Scan" or "Index Only Scan" && Said("Index Cond") is null)
            {
                // Within a page an index is walked in its order and left; the rows of a table in no order are not.
                if (!isPage || type == "Seq Scan" && Said("Filter") is not null) { found.Add(new(Said("Relation Name")!, $"{type} {Said("Index Name")} {Said("Filter")}", Said("Filter") is not null)); }
            }
            isPage = type switch
            {
                "Limit" => true,
                "Sort" or "Hash" or "Materialize" or "WindowAgg" => false,
                "Aggregate" => isPage && Said("Strategy") == "Sorted",
                _ => isPage,
            };
            if (node.TryGetProperty("Plans", out var below)) { foreach (var one in below.EnumerateArray()) { Walk(one, isPage && one.TryGetProperty("Parent Relationship", out var kin) && kin.GetString() is "Outer" or "Inner" or "Member" or "Subquery"); } }
        }
    }

    [GeneratedRegex("(?:FROM|JOIN) \"(?<table>\\w+)\" AS \"(?<alias>\\w+)\"")]
    private static partial Regex Aliases();

    [GeneratedRegex("WHERE .*?(?=GROUP BY|ORDER BY|LIMIT|$)", RegexOptions.Singleline)]
    private static partial Regex Conditions();

    [GeneratedRegex("^SCAN (?<alias>\\w+)( USING (COVERING )?INDEX (?<index>\\w+))?$")]
    private static partial Regex Scan();
}
