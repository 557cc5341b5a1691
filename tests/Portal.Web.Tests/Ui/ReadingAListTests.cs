using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Web.Ui.Lists;
using Xunit;

namespace Portal.Web.Tests.Ui;

public sealed class ReadingAListTests : IDisposable
{
    private readonly SqliteConnection _connection = ThingsContext.Fill(Enumerable.Range(1, 20).Select(i => new Thing
    {
        Id = i, Name = $"<thing> {i:00}", Rank = i % 4 == 0 ? null : i, On = new DateOnly(2026, 1, 1).AddDays(i), State = (ThingState)(i % 3),
    }));

    private readonly List<string> _statements = [];

    [Fact]
    public async Task Only_the_shown_columns_are_selected_by_one_query()
    {
        var view = await RunAsync("columns=name,rank");
        Assert.Single(_statements);
        Assert.DoesNotContain("Secret", string.Join(' ', _statements), StringComparison.Ordinal);
        Assert.DoesNotContain("\"On\"", string.Join(' ', _statements), StringComparison.Ordinal);
        Assert.DoesNotContain("OFFSET", string.Join(' ', _statements), StringComparison.OrdinalIgnoreCase);
        Assert.Null(view.Count);
    }

    [Fact]
    public async Task Rows_are_counted_when_somebody_asks()
    {
        var view = await RunAsync("columns=name&count=1");
        Assert.Equal(2, _statements.Count);
        Assert.Equal(20, view.Count);
    }

    [Fact]
    public async Task A_list_that_fits_its_page_is_not_counted_again()
    {
        var view = await RunAsync("state=Gone&rank.to=6");
        Assert.Single(_statements);
        Assert.Equal([2L, 5L], view.Rows.Select(r => (long)r[0]!));
        Assert.Equal(2, view.Count);
    }

    [Theory]
    [InlineData("q=thing%3E+07", new long[] { 7 })]
    [InlineData("state=Gone&state=New&rank.from=17", new long[] { 17, 18 })]
    [InlineData("on.from=2026-01-19&on.to=2026-01-20", new long[] { 18, 19 })]
    [InlineData("mine=1", new long[] { 7 })]
    public async Task Filters_choose_rows(string query, long[] expected)
    {
        var view = await RunAsync(query);
        Assert.Equal(expected, view.Rows.Select(r => (long)r[0]!));
    }

    [Theory]
    [InlineData("on.from=2026-02-30", "2026-02-30")]
    [InlineData("on.from=2026-01-19&on.to=tomorrow", "tomorrow")]
    [InlineData("rank.from=ten", "ten")]
    [InlineData("state=Lost&state=New", "Lost")]
    public async Task A_filter_that_cannot_be_read_is_named_above_the_rows(string query, string unread)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Portal.Web.Ui.Language.English;
        Assert.Contains($"<p class=\"alert alert-warning\" role=\"alert\">“{unread}” is not a value for the filter", await HtmlAsync(query), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("on.from=&on.to=&rank.from=&rank.to=&state=&q=")]
    [InlineData("on.from=2026-01-19&rank.to=10&state=New&mine=0&q=%21")]
    public async Task A_list_whose_filters_can_be_read_or_are_empty_warns_of_nothing(string query) => Assert.DoesNotContain("role=\"alert\"", await HtmlAsync(query), StringComparison.Ordinal);

    private async Task<string> HtmlAsync(string query)
    {
        await using var html = new StringWriter();
        new ListHtml(await RunAsync(query)).WriteTo(html, HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All));
        return html.ToString();
    }

    [Fact, Trait("asvs", "V3.2.2")]
    public async Task Text_is_encoded_and_values_are_written_in_the_readers_language()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Portal.Web.Ui.Language.English;
        var view = await RunAsync("columns=on");
        await using var html = new StringWriter();
        view.WriteTable(html, HtmlEncoder.Default);
        Assert.Contains("<a href=\"/things/1\">&lt;thing&gt; 01</a>", html.ToString(), StringComparison.Ordinal);
        Assert.Contains("<time datetime=\"2026-01-02\">2 Jan 2026</time>", html.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_can_show_a_name_from_another_set_of_the_same_context()
    {
        var list = ListDefinition.Of<Thing, Portal.Web.Ui.UiText>("neighbours", "thing").Text("name", t => t.Name, sort: t => t.Name)
            .Text("neighbour", t => Seen.Of<Thing>().Where(other => other.Id == t.Id + 1).Select(other => other.Name).FirstOrDefault()).OrderBy("name").Pages(3);
        await using var db = new ThingsContext(_connection, _statements);
        var view = await list.RunAsync(db, Lists.Request("sort=name"), TestContext.Current.CancellationToken);
        Assert.Equal("<thing> 02", view.Rows[0][^1]);
        Assert.Single(_statements);
    }

    [Fact]
    public async Task A_search_over_an_index_begins_with_what_the_words_find()
    {
        var list = ListDefinition.Of<Thing, Portal.Web.Ui.UiText>("found", "thing").Text("name", t => t.Name, sort: t => t.Name)
            .Search((Func<DbContext, string, IQueryable<Thing>>)((things, words) => things.Set<Thing>().Where(t => t.Name.EndsWith(words)))).OrderBy("name").Pages(3);
        await using var db = new ThingsContext(_connection, _statements);
        var view = await list.RunAsync(db, Lists.Request("q=7"), TestContext.Current.CancellationToken);
        Assert.Equal(["<thing> 07", "<thing> 17"], view.Rows.Select(r => (string)r[1]!));
    }

    [Fact]
    public async Task Where_yes_is_usual_what_is_not_so_stands_out_in_its_own_words()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Portal.Web.Ui.Language.English;
        var list = ListDefinition.Of<Thing, Portal.Web.Ui.UiText>("usual", "thing").Text("name", t => t.Name, sort: t => t.Name).YesNo("there", t => t.State != ThingState.Gone, otherwise: "form.delete").OrderBy("name").Pages(2);
        await using var db = new ThingsContext(_connection, _statements);
        var view = await list.RunAsync(db, Lists.Request(""), TestContext.Current.CancellationToken);
        await using var html = new StringWriter();
        view.WriteTable(html, HtmlEncoder.Default);
        // The style sheet leaves the usual one away on a phone.
        Assert.Contains("<span class=\"usual\">Yes</span>", html.ToString(), StringComparison.Ordinal);
        Assert.Contains("<span class=\"portal-badge warn\">Delete</span>", html.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sort_by_what_no_cursor_can_hold_is_refused_when_declared() =>
        Assert.Throws<InvalidOperationException>(() => ListDefinition.Of<Thing, Portal.Web.Ui.UiText>("x", "x").Text("name", t => t.Name, sort: t => t.State));

    public void Dispose() => _connection.Dispose();

    private async Task<ListView> RunAsync(string query)
    {
        await using var db = new ThingsContext(_connection, _statements);
        return await Lists.Things().RunAsync(db, Lists.Request(query), TestContext.Current.CancellationToken);
    }
}
