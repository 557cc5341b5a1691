using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Operations;
using Portal.Domain.Persistence;
using Portal.Identity.Persistence;
using Portal.Web.Access;
using Portal.Web.Api;
using Portal.Web.Documents;
using Portal.Web.Host;

namespace Portal.Web.Commands;

/// <summary><c>check</c>: whether the database is reachable, of this program's schema and whole, and every document has its content. Reads only, so it may run beside a server.</summary>
public static class CheckCommand
{
    public static Command Make(CommandHost host)
    {
        var command = new Command("check", "Check the database: reachable, of the right schema, whole");
        host.Handle(command, async (run, ct) =>
        {
            var findings = await FindAsync(run, ct);
            var faults = findings.Count(f => f.IsFault);
            var result = new { ok = faults == 0, findings = findings.Select(f => new { f.Code, f.Text, severity = f.IsFault ? "fault" : "notice" }) };
            var lines = findings.Select(f => $"{(f.IsFault ? "fault" : "notice")} {f.Code}: {f.Text}");
            return faults > 0 ? run.Refused(result, lines) : run.Done(result, [.. lines, "The database is in order."]);
        });
        return command;
    }

    private static async Task<IReadOnlyList<Finding>> FindAsync(CommandRun run, CancellationToken ct)
    {
        try { return await FindInAsync(run, ct); }
        catch (Exception fault) when (Faults.IsDamaged(fault)) { return [new("database.damaged", fault.GetBaseException().Message)]; }
    }

    private static async Task<IReadOnlyList<Finding>> FindInAsync(CommandRun run, CancellationToken ct)
    {
        var portal = run.Get<PortalDb>();
        await using var db = portal.For(AccessScope.System("check"), "command:check");
        // A store that does not answer fails here, and the command says so with the code for what is unreachable.
        var state = await run.Get<Schema>().LookAsync(ct);
        if (state.Newer.Count > 0) { return [new("schema.newer", Schema.Explain(Schema.Newer(state)))]; }
        if (state.Pending.Count > 0) { return [new("schema.behind", $"{state.Pending.Count} migrations are pending: run the command migrate.")]; }
        return [.. await IntegrityCheck.RunAsync(db, ct), .. await FileCheck.RunAsync(db, run.Get<FileStore>(), ct), .. await FindLostAccountsAsync(run, db, ct)];
    }

    /// <summary>People linked to an account of the built-in provider that is not there.</summary>
    private static async Task<IReadOnlyList<Finding>> FindLostAccountsAsync(CommandRun run, PortalDbContext db, CancellationToken ct)
    {
        var provider = SignInAddresses.From(run.Get<IConfiguration>());
        if (!provider.IsBuiltIn) { return []; }
        var issuer = provider.LinkIssuer;
        var subjects = (await run.Get<IdentityStoreContext>().Users.Select(a => a.Id).ToListAsync(ct)).Select(id => id.ToString("N")).ToHashSet();
        var linked = await db.People.Where(p => p.Active && p.Issuer != null).Select(p => new { p.Issuer, p.Subject }).ToListAsync(ct);
        var lost = linked.Count(p => p.Issuer == issuer && !subjects.Contains(p.Subject!));
        var programs = ApiAddresses.From(run.Get<IConfiguration>()).IssuerOfPrograms;
        var elsewhere = linked.Count(p => p.Issuer != issuer && p.Issuer != programs);
        return
        [
            .. lost > 0 ? [new Finding("person.account-lost", $"{lost} active people are linked to an account that does not exist")] : Array.Empty<Finding>(),
            .. elsewhere > 0 ? [new Finding("person.other-issuer", $"{elsewhere} active people are linked to another log-in provider than the built-in one and cannot log in", IsFault: false)] : Array.Empty<Finding>(),
        ];
    }
}
