using System.CommandLine;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Host;

namespace Portal.Web.Commands;

/// <summary><c>migrate</c>: brings the database to this program's schema and installs the first set-up.</summary>
public static class MigrateCommand
{
    public static Command Make(CommandHost host)
    {
        var command = new Command("migrate", "Apply the migrations that the database lacks");
        host.Handle(command, async (run, ct) =>
        {
            var migrated = await run.Get<Schema>().MigrateAsync(ct);
            if (migrated.Refusal is { } refusal) { return run.Refused(refusal, Schema.Explain(refusal)); }
            var applied = migrated.Value.Pending;
            await using var db = run.Get<PortalDb>().For(AccessScope.System("migrate"), "command:migrate");
            var notice = await db.Engine.MissingWallAsync(db, ct);
            return run.Done(new { applied, notice }, [.. applied.Select(name => $"applied {name}"), applied.Count == 0 ? "The database is up to date." : $"{applied.Count} migrations applied.", .. notice is null ? Array.Empty<string>() : [$"notice: {notice}"]]);
        });
        return command;
    }
}
