using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Portal.Web.Ui;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Tests.Ui;

public enum ThingState { New, Ready, Gone }

public sealed class Thing
{
    public long Id { get; init; }
    public required string Name { get; init; }
    public string? Note { get; init; }
    public int? Rank { get; init; }
    public DateOnly On { get; init; }
    public ThingState State { get; init; }
    public string Secret { get; init; } = "never shown";
}

public sealed record ThingForPartner(long Id, string Name, string? Note, int? Rank, DateOnly On, ThingState State);

/// <summary>A small database of its own: the list mechanism needs nothing of the portal's model.</summary>
public sealed class ThingsContext : DbContext
{
    private readonly SqliteConnection _connection;

    public ThingsContext(SqliteConnection connection, List<string>? statements = null) : base(new DbContextOptionsBuilder<ThingsContext>()
        .UseSqlite(connection).LogTo(line => statements?.Add(line), [RelationalEventId.CommandExecuting]).Options) => _connection = connection;

    public DbSet<Thing> Things => Set<Thing>();

    public static SqliteConnection Fill(IEnumerable<Thing> things)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var db = new ThingsContext(connection);
        db.Database.EnsureCreated();
        db.AddRange(things);
        db.SaveChanges();
        return connection;
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => configurationBuilder.Properties<Enum>().HaveConversion<string>();
}

public static class Lists
{
    private static readonly ServiceProvider Services = new ServiceCollection()
        .AddSingleton<IStringLocalizerFactory, TextLocalizerFactory>()
        .AddSingleton<IViewerSource, Someone>()
        .BuildServiceProvider();

    public static ListDefinition<Thing, ThingForPartner> Things(int page = 3) =>
        ListDefinition.Of<Thing, ThingForPartner, UiText>("things", "thing", t => new ThingForPartner(t.Id, t.Name, t.Note, t.Rank, t.On, t.State))
            .Row("/things/{id}")
            .Text("name", t => t.Name, sort: t => t.Name)
            .Text("note", t => t.Note, sort: t => t.Note)
            .Number("rank", t => t.Rank, sortable: true)
            .Date("on", t => t.On, sortable: true, shown: false)
            .Badge("state", t => t.State, s => s == ThingState.Gone ? Tone.Bad : Tone.Ok)
            .Search((t, words) => t.Name.Contains(words))
            .Choice("state", t => t.State)
            .DateRange("on", t => t.On)
            .NumberRange("rank", t => t.Rank)
            .Flag("mine", (t, me) => t.Id == me, viewer => viewer.PersonId)
            .OrderBy("name")
            .Pages(page);

    public static HttpContext Request(string query)
    {
        var http = new DefaultHttpContext { RequestServices = Services };
        http.Request.Path = "/things";
        http.Request.QueryString = new QueryString(query.Length == 0 ? "" : "?" + query);
        return http;
    }

    private sealed class Someone : IViewerSource
    {
        public Viewer Of(HttpContext context) => new(7, "Someone", ViewerKind.Staff, "", FrozenSet<string>.Empty, TimeZoneInfo.Utc);
    }
}
