using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Testing.Databases;
using Portal.Testing.Hosting;
using Xunit;

namespace Portal.Web.Tests.Resilience;

/// <summary>Another process holds the write lock of the file: a copy in progress, a tool left open.</summary>
public sealed class LockedDatabaseTests
{
    [Fact]
    public async Task A_write_is_put_off_and_nothing_is_half_written()
    {
        await using var portal = await RunningPortal.StartAsync();
        var form = await ShareForm.OpenAsync(portal);
        await using var other = new SqliteConnection(new SqliteConnectionStringBuilder(portal.ConnectionString) { Pooling = false }.ToString());
        await other.OpenAsync();
        var holding = other.BeginTransaction(deferred: false);
        var audited = await CountAsync(portal);
        var waited = Stopwatch.StartNew();
        using (var put = await form.SendAsync("while locked"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, put.StatusCode);
            Assert.NotNull(put.Headers.RetryAfter);
            Assert.True(put.Headers.Contains("X-Correlation-Id"));
        }
        Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), $"waited {waited.Elapsed}");
        // Reading goes on meanwhile.
        using (var page = await (await portal.AsAsync("admin@portal.example")).GetAsync("/jobs")) { Assert.Equal(HttpStatusCode.OK, page.StatusCode); }
        await holding.RollbackAsync();
        await other.CloseAsync();
        await using var db = portal.System();
        Assert.Equal(0, await db.Shares.CountAsync(s => s.Reason == "while locked"));
        Assert.Equal(audited, await CountAsync(portal));
        using var again = await form.SendAsync("while locked");
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        Assert.Equal(1, await db.Shares.CountAsync(s => s.Reason == "while locked"));
    }

    private static async Task<int> CountAsync(RunningPortal portal)
    {
        await using var db = portal.System();
        return await db.Audit.CountAsync();
    }
}
