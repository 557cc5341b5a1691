using Portal.Testing.Databases;
using Portal.Testing.Hosting;
using Xunit;

namespace Portal.Web.Tests.Access;

/// <summary>Nobody sees what is not theirs: every surface of the running portal, as everybody, over everybody's records.</summary>
[Collection(Isolation.Name)]
public sealed class MatrixTests(MatrixRuns runs)
{
    [Fact, Trait("asvs", "V8.1.1")]
    public async Task Every_surface_says_who_may_use_it()
    {
        var run = await runs.OnAsync(Engines.Sqlite);
        Empty(run.All.Where(s => !s.IsOpen && s.Policy is null).Select(s => $"{s.Name} names no policy"));
        Empty(run.All.Select(s => s.Policy).OfType<string>().Distinct().Except(SightModel.Policies).Select(p => $"the model does not know the policy {p}"));
        Empty(run.Untold.Keys);
        Empty(run.All.SelectMany(s => s.Records.Where(r => !r.Optional && r.Kind == RecordKinds.Unknown).Select(r => $"{s.Name}: which kind of record is {r.Name}?")));
    }

    [Fact, Trait("asvs", "V6.3.4")]
    public async Task What_is_open_to_anybody_is_on_the_list()
    {
        var run = await runs.OnAsync(Engines.Sqlite);
        Assert.Equal(string.Join('\n', MatrixExceptions.Open), string.Join('\n', run.All.Where(s => s.IsOpen).GroupBy(s => s.Template + (s.Handler.Length > 0 ? $" ({s.Handler})" : ""))
            .Select(g => $"{string.Join(' ', g.Select(s => s.Verb).Order(StringComparer.Ordinal))} {g.Key}").Order(StringComparer.Ordinal)));
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.2.1")]
    public async Task Every_answer_is_the_one_that_the_model_expects(string engine)
    {
        var run = await runs.OnAsync(engine);
        Assert.True(run.Cells.Count > 500, $"only {run.Cells.Count} cells");
        Empty(run.Cells.Where(c => c.Problem is not null).Select(c => c.ToString()));
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.2.2 V8.2.3 V8.4.1 V10.1.1")]
    public async Task No_answer_holds_a_word_of_what_is_out_of_sight(string engine)
    {
        var run = await runs.OnAsync(engine);
        Empty(run.Leaks.Select(l => $"{l.Key} ({l.Value})"));
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.2.2")]
    public async Task No_answer_tells_a_hidden_record_from_one_that_never_was(string engine)
    {
        var run = await runs.OnAsync(engine);
        Empty(run.Tells);
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.2.2")]
    public async Task A_list_counts_the_rows_that_the_reader_gets(string engine)
    {
        var run = await runs.OnAsync(engine);
        Empty(run.Counted.Where(c => !c.IsRight).Select(c => c.ToString()));
        var lists = run.Counted.Where(c => c.Read > 0).Select(c => (c.Surface.Name, c.Person)).Distinct().Count();
        Assert.True(lists > 100, $"only {lists} lists were counted");
        // Rows beyond a page: a count that comes from the page alone would do for less.
        Assert.Contains(run.Counted, c => run.Model.IsPartner(c.Person) && c.Read > 50);
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.2.2")]
    public async Task A_partners_list_counts_what_the_model_lets_the_partner_see(string engine)
    {
        var run = await runs.OnAsync(engine);
        (string List, Func<string, int> Rows)[] expected =
        [
            ("/partner/opportunities", who => run.Model.SeenBy(who, "opportunity").Count(id => run.Model.Of(who, "opportunity", id) >= Depth.Full)),
            ("/partner/opportunities/summaries", who => run.Model.SeenBy(who, "opportunity").Count(id => run.Model.Of(who, "opportunity", id) == Depth.Summary)),
            ("/partner/documents", who => run.Model.SeenBy(who, "document").Count()),
            ("/partner/people", who => run.Model.SeenBy(who, "person").Count()),
            ("/partner/people/views", who => run.Model.SeenBy(who, "look").Count()),
        ];
        List<string> wrong = [];
        foreach (var (list, rows) in expected)
        {
            var counted = run.Counted.Where(c => c.Address == list).ToList();
            if (counted.Count == 0) { wrong.Add($"nobody counted {list}"); }
            wrong.AddRange(counted.Where(c => c.Said != rows(c.Person)).Select(c => $"{c}, the model {rows(c.Person)}"));
        }
        Empty(wrong);
        Assert.Contains(run.Counted, c => c.Address == "/partner/opportunities/summaries" && c.Said > 0);
    }

    [Theory, OnEachEngine]
    public async Task What_is_seen_by_a_share_alone_is_asked_for_too(string engine)
    {
        var run = await runs.OnAsync(engine);
        Assert.True(run.Cells.Where(c => c is { Asked: Asked.Shared, Problem: null, Status: < 400 }).Select(c => c.Surface.Name).Distinct().Count() > 4, "a share opens nothing");
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.2.1")]
    public async Task Every_tab_is_read_by_somebody_and_refused_of_what_is_not_theirs(string engine)
    {
        var run = await runs.OnAsync(engine);
        var tabs = run.Tabs.SelectMany(t => t.Value.Keys.Select(tab => (Surface: t.Key, Tab: tab))).ToList();
        Assert.Contains(tabs, t => t is { Surface.Template: "/companies/{id:long}", Tab: "tab=registered" });
        Empty(tabs.Where(t => !Asked(t, c => c is { Asked: Access.Asked.Seen, Status: 200 })).Select(t => $"nobody read {t.Surface.Name} {t.Tab}"));
        Empty(tabs.Where(t => !Asked(t, c => c.Status == 403 && run.Model.IsPartner(c.Person) != t.Surface.Template.StartsWith("/partner/", StringComparison.Ordinal))).Select(t => $"no other side was refused {t.Surface.Name} {t.Tab}"));
        Empty(tabs.Where(t => !Asked(t, c => c is { Asked: Access.Asked.Absent, Status: 404 })).Select(t => $"nobody was told that nothing is at {t.Surface.Name} {t.Tab}"));

        bool Asked((Surface Surface, string Tab) tab, Func<Cell, bool> how) => run.Cells.Any(c => c.Surface == tab.Surface && c.Address.EndsWith(tab.Tab, StringComparison.Ordinal) && c.Problem is null && how(c));
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.2.1")]
    public async Task Every_surface_lets_somebody_in(string engine)
    {
        var run = await runs.OnAsync(engine);
        Empty(run.All.Where(s => !s.IsOpen && (s.IsPage || s.Verb == "GET") && !run.LetIn.Contains(s.Name)).Select(s => s.Name));
    }

    [Theory, OnEachEngine, Trait("asvs", "V3.5.3")]
    public async Task Reading_writes_nothing(string engine)
    {
        var run = await runs.OnAsync(engine);
        Empty(run.SumsBefore.Where(t => run.SumsAfterReads[t.Key] != t.Value && !MatrixExceptions.WrittenByReads.Contains(t.Key)).Select(t => $"{t.Key}: {t.Value}, then {run.SumsAfterReads[t.Key]}"));
        Empty(run.Sql.Statements.Where(s => s.For.Length > 0 && Uri.UnescapeDataString(s.For).Contains("|GET ", StringComparison.Ordinal) && Writes(s.Text))
            .Select(s => Uri.UnescapeDataString(s.For).Split('|')[1]).Distinct().Where(s => !MatrixExceptions.WritingReads.ContainsKey(s)));
    }

    [Fact, Trait("asvs", "V8.3.1")]
    public async Task What_is_refused_leaves_every_table_as_it_was()
    {
        var run = await runs.OnAsync(Engines.Sqlite);
        Empty(run.WritesOnRefusal);
    }

    [Theory, OnEachEngine, Trait("asvs", "V3.3.2 V3.3.4 V3.4.1 V3.4.3 V3.4.4 V3.4.5 V3.4.6 V3.4.8 V7.4.1")]
    public async Task Every_answer_carries_the_security_headers(string engine)
    {
        var run = await runs.OnAsync(engine);
        Empty(run.HeaderProblems.Distinct());
    }

    private static bool Writes(string statement) => statement.Contains("INSERT INTO", StringComparison.Ordinal) || statement.Contains("UPDATE \"", StringComparison.Ordinal) || statement.Contains("DELETE FROM", StringComparison.Ordinal);

    private static void Empty(IEnumerable<string> problems)
    {
        var found = problems.ToList();
        Assert.True(found.Count == 0, $"{found.Count} problems:\n{string.Join('\n', found.Take(60))}");
    }
}
