using FsCheck;
using FsCheck.Fluent;
using Portal.Web.Ui.Lists;
using Xunit;

namespace Portal.Web.Tests.Ui;

public sealed class PagingThroughAListTests
{
    public static readonly TheoryData<string> Sorts = ["name", "-name", "note", "-note", "rank", "-rank", "on", "-on", ""];

    /// <summary>Few distinct values, so that ties and absent values are everywhere.</summary>
    private static readonly Gen<Thing[]> SomeThings =
        from count in Gen.Choose(0, 14)
        from rows in (
            from name in Gen.Elements("a", "b", "B", "ä", "中")
            from note in Gen.Elements(null, null, "", "x", "y")
            from rank in Gen.Elements<int?>(null, null, -1, 0, 1)
            from day in Gen.Choose(1, 3)
            select (name, note, rank, day)).ArrayOf(count)
        select rows.Select((r, i) => new Thing { Id = 1000 - (i * 7), Name = r.name, Note = r.note, Rank = r.rank, On = new DateOnly(2026, 1, r.day) }).ToArray();

    [Theory, MemberData(nameof(Sorts))]
    public void Pages_forward_and_back_are_the_whole_ordered_set_without_doubles(string sort)
    {
        var list = Lists.Things();
        Prop.ForAll(SomeThings.ToArbitrary(), things => HoldsAsync(list, things, sort).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Theory]
    [InlineData("at=nonsense")]
    [InlineData("at=PG5hbWUK")]
    [InlineData("at=%00%ff")]
    [InlineData("sort=secret")]
    [InlineData("sort=-")]
    [InlineData("columns=secret,id")]
    [InlineData("state=7&rank.from=x&rank.to=99999999999999999999999999&on.from=2026-13-45&on.to=")]
    [InlineData("export=exe")]
    public async Task What_cannot_be_read_is_left_out_and_the_list_opens(string query)
    {
        using var connection = ThingsContext.Fill([new Thing { Id = 1, Name = "a" }, new Thing { Id = 2, Name = "b" }]);
        await using var db = new ThingsContext(connection);
        var view = await Lists.Things().RunAsync(db, Lists.Request(query), TestContext.Current.CancellationToken);
        Assert.Equal(2, view.Rows.Count);
    }

    [Fact]
    public async Task A_place_of_another_order_does_not_count()
    {
        using var connection = ThingsContext.Fill(Enumerable.Range(1, 9).Select(i => new Thing { Id = i, Name = "n" + i, Rank = i }));
        await using var db = new ThingsContext(connection);
        var list = Lists.Things();
        var first = await list.RunAsync(db, Lists.Request("sort=name"), TestContext.Current.CancellationToken);
        var view = await list.RunAsync(db, Lists.Request($"sort=rank&at={first.NextCursor}"), TestContext.Current.CancellationToken);
        Assert.Equal([1L, 2L, 3L], view.Rows.Select(r => (long)r[0]!));
        Assert.Null(view.PreviousCursor);
    }

    private static async Task<bool> HoldsAsync(ListDefinition<Thing, ThingForPartner> list, Thing[] things, string sort)
    {
        using var connection = ThingsContext.Fill(things);
        await using var db = new ThingsContext(connection);
        var ct = TestContext.Current.CancellationToken;
        var query = sort.Length == 0 ? "" : "sort=" + sort;
        List<long> forward = [], back = [];
        var view = await list.RunAsync(db, Lists.Request(query), ct);
        while (true)
        {
            forward.AddRange(view.Rows.Select(row => (long)row[0]!));
            if (view.NextCursor is null) { break; }
            view = await list.RunAsync(db, Lists.Request($"{query}&at={view.NextCursor}"), ct);
        }
        back.InsertRange(0, view.Rows.Select(row => (long)row[0]!));
        while (view.PreviousCursor is not null)
        {
            view = await list.RunAsync(db, Lists.Request($"{query}&at={view.PreviousCursor}"), ct);
            back.InsertRange(0, view.Rows.Select(row => (long)row[0]!));
        }
        var whole = Ordered(things, sort.Length == 0 ? "name" : sort);
        Assert.Equal(whole, forward);
        Assert.Equal(whole, back);
        return true;
    }

    /// <summary>The order as SQLite keeps it: absent first, text by bytes.</summary>
    private static IEnumerable<long> Ordered(Thing[] things, string sort)
    {
        IComparer<object?> byValue = Comparer<object?>.Create((a, b) => (a, b) switch
        {
            (null, null) => 0, (null, _) => -1, (_, null) => 1,
            (string x, string y) => string.CompareOrdinal(x, y),
            _ => Comparer<object>.Default.Compare(a, b),
        });
        object? Key(Thing t) => sort.TrimStart('-') switch { "name" => t.Name, "note" => t.Note, "rank" => t.Rank, _ => t.On };
        var ordered = things.OrderBy(Key, byValue).ThenBy(t => t.Id).Select(t => t.Id);
        return sort.StartsWith('-') ? ordered.Reverse() : ordered;
    }
}
