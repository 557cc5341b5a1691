using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Sqlite;
using Xunit;

namespace Portal.Databases.Tests.Access;

/// <summary>A context is used again by the asker whose it was, and by nobody else.</summary>
public sealed class KeepingContextsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-kept-").FullName;
    private readonly SqliteEngine _engine;
    private readonly PortalDb _portal;

    public KeepingContextsTests()
    {
        _engine = new SqliteEngine($"Data Source={Path.Combine(_folder, "portal.db")}");
        _portal = new PortalDb(_engine, TimeProvider.System, new IdSource(TimeProvider.System), new AccessVersion());
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var db = _portal.For(AccessScope.System("test"));
        await db.Database.MigrateAsync(Ct);
        db.Add(new Territory { Id = db.Ids.Next(), Code = "N", Name = "North" });
        await db.SaveChangesAsync(Ct);
    }

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_next_question_of_an_asker_finds_the_context_of_the_last_one_as_new()
    {
        var scope = Staff();
        PortalDbContext first;
        await using (first = _portal.ForAsker(scope, "page:/one"))
        {
            Assert.Single(await first.Territories.ToListAsync(Ct));
            first.ChangeTracker.AutoDetectChangesEnabled = false;
        }
        await using var second = _portal.ForAsker(scope, "page:/two");

        Assert.Same(first, second);
        Assert.Empty(second.ChangeTracker.Entries());
        Assert.True(second.ChangeTracker.AutoDetectChangesEnabled);
        Assert.Equal("page:/two", second.Through);
        Assert.Equal("North", await second.Territories.Select(t => t.Name).SingleAsync(Ct));
    }

    [Fact]
    public async Task Somebody_else_and_the_same_person_with_other_rights_get_one_of_their_own()
    {
        var first = await UsedAsync(_portal.ForAsker(Staff(), "page:/"));

        Assert.NotSame(first, await UsedAsync(_portal.ForAsker(Staff(), "page:/")));
        Assert.NotSame(first, await UsedAsync(_portal.ForAsker(first.Scope.ToRead(), "page:/")));
    }

    [Fact]
    public async Task Two_questions_at_once_have_a_context_each()
    {
        var scope = Staff();
        await UsedAsync(_portal.ForAsker(scope, "page:/"));
        await using var one = _portal.ForAsker(scope, "page:/");
        await using var other = _portal.ForAsker(scope, "page:/");

        Assert.NotSame(one, other);
        Assert.Equal(await one.Territories.CountAsync(Ct), await other.Territories.CountAsync(Ct));
    }

    [Fact]
    public async Task A_context_that_wrote_or_was_about_to_is_not_used_again()
    {
        var scope = Staff();
        foreach (var write in new Func<PortalDbContext, Task>[]
        {
            db => db.SaveChangesAsync(Ct),
            db => db.InOneTransactionAsync(() => Task.FromResult(false), Ct),
            db => { db.AddInBulk(new Territory { Id = db.Ids.Next(), Code = "S", Name = "South" }); return Task.CompletedTask; },
            db => { db.IdempotencyKey = "once"; return Task.CompletedTask; },
            db => db.Database.BeginTransactionAsync(Ct),
        })
        {
            var context = _portal.ForAsker(scope, "page:/");
            await context.Territories.CountAsync(Ct);
            await write(context);
            await context.DisposeAsync();

            Assert.NotSame(context, await UsedAsync(_portal.ForAsker(scope, "page:/")));
        }
    }

    [Fact]
    public async Task A_context_that_ended_refuses_whoever_still_holds_it()
    {
        var context = await UsedAsync(_portal.ForAsker(Staff(), "page:/"));

        await Assert.ThrowsAsync<ObjectDisposedException>(() => context.Territories.CountAsync(Ct));
    }

    [Fact]
    public async Task Ending_a_context_twice_keeps_it_once()
    {
        var scope = Staff();
        var context = await UsedAsync(_portal.ForAsker(scope, "page:/"));
        await context.DisposeAsync();
        await using var one = _portal.ForAsker(scope, "page:/");
        await using var other = _portal.ForAsker(scope, "page:/");

        Assert.Same(context, one);
        Assert.NotSame(one, other);
    }

    private static async Task<PortalDbContext> UsedAsync(PortalDbContext context)
    {
        await context.Territories.CountAsync(Ct);
        await context.DisposeAsync();
        return context;
    }

    private static AccessScope Staff() => AccessScope.ForStaff(7, "Somebody", [], [7], [], []);
}
