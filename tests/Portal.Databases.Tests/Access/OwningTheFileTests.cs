using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Sqlite;
using Xunit;

namespace Portal.Databases.Tests.Access;

public sealed class OwningTheFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-owner-").FullName;

    private string Database => Path.Combine(_folder, "portal.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_second_process_is_refused_before_it_writes()
    {
        // What another process does: it holds the lock that stands beside the database.
        await using var other = new FileStream(Database + "-owner", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var engine = new SqliteEngine($"Data Source={Database}");
        var portal = new PortalDb(engine, TimeProvider.System, new IdSource(TimeProvider.System), new AccessVersion());
        await using var db = portal.For(AccessScope.System("test"));
        db.Add(new Territory { Id = db.Ids.Next(), Code = "N", Name = "North" });

        await Assert.ThrowsAsync<DatabaseOwnedException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));

        Assert.False(File.Exists(Database));
    }

    [Fact]
    public async Task The_right_is_free_again_when_the_owner_ends()
    {
        using (var first = new SqliteEngine($"Data Source={Database}"))
        {
            using var turn = await first.EnterWriteAsync(TestContext.Current.CancellationToken);
        }
        await using var other = new FileStream(Database + "-owner", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }
}
