using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Operations;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;

namespace Portal.Web.Host;

/// <summary>How the tables of a database stand to this program.</summary>
/// <param name="Pending">Migrations that this program knows and the database lacks.</param>
/// <param name="Newer">Migrations that the database has and this program does not know.</param>
public sealed record SchemaState(IReadOnlyList<string> Pending, IReadOnlyList<string> Newer)
{
    public bool IsCurrent => Pending.Count == 0 && Newer.Count == 0;
}

/// <summary>The tables of the portal and of the identity store: looked at, and brought up to what this program knows. Forward only.</summary>
public sealed class Schema(PortalDb portal, IServiceScopeFactory scopes)
{
    /// <summary>
    /// Begins to build the portal's model on a thread of its own: it is the longest part of a start, and depends on nothing but the engine. The model is the one that every signed-in
    /// person's rights are read through. Entity Framework keeps it for all contexts of the engine.
    /// </summary>
    public static void BuildModelBeside(Lazy<IEngine> engine) => _ = Task.Run(() =>
    {
        var clock = TimeProvider.System;
        using var db = new PortalDb(engine.Value, clock, new IdSource(clock, 0), new AccessVersion()).For(AccessScope.Rights("model"));
        return db.Model;
    });

    public async Task<SchemaState> LookAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        List<string> pending = [], newer = [];
        await using var db = portal.For(AccessScope.Rights("schema"));
        // The smaller model first: the other is being built meanwhile.
        foreach (var store in (DbContext[])[scope.ServiceProvider.GetRequiredService<IdentityStoreContext>(), db])
        {
            var known = store.Database.GetMigrations().ToArray();
            var applied = (await store.Database.GetAppliedMigrationsAsync(ct)).ToArray();
            pending.AddRange(known.Except(applied));
            newer.AddRange(applied.Except(known));
        }
        return new(pending, newer);
    }

    /// <summary>Applies what is pending and, in a new house, the first set-up.</summary>
    /// <returns>What was applied, or why not: a newer schema is left alone.</returns>
    public async Task<Result<SchemaState>> MigrateAsync(CancellationToken ct)
    {
        var state = await LookAsync(ct);
        if (state.Newer.Count > 0) { return Newer(state); }
        await using var scope = scopes.CreateAsyncScope();
        await foreach (var store in StoresAsync(scope.ServiceProvider))
        {
            using var turn = await portal.Engine.EnterWriteAsync(ct);
            await store.Database.MigrateAsync(ct);
        }
        await using var db = portal.For(AccessScope.System("first set-up"), "command:migrate");
        await FirstSetUp.AddAsync(db, db.Now, ct);
        await RelinkAsync(db, scope.ServiceProvider.GetRequiredService<IdentityStoreContext>(), ct);
        await db.SaveChangesAsync(ct);
        return state;
    }

    /// <summary>
    /// People were once linked to accounts of this store by the provider's address; a changed address locked them out. Whoever is linked by any address to an
    /// account that is kept here is linked by the constant from now on.
    /// </summary>
    private static async Task RelinkAsync(PortalDbContext db, IdentityStoreContext identity, CancellationToken ct)
    {
        var linked = await db.People.Where(p => p.Issuer != null && p.Issuer != Account.OwnIssuer).ToListAsync(ct);
        if (linked.Count == 0) { return; }
        var own = (await identity.Users.Select(a => a.Id).ToListAsync(ct)).Select(id => id.ToString("N")).ToHashSet(StringComparer.Ordinal);
        foreach (var person in linked.Where(p => own.Contains(p.Subject!))) { person.LinkAccount(Account.OwnIssuer, person.Subject!); }
    }

    public static Refusal Newer(SchemaState state) => new("schema.newer", RefusalKind.Conflict, Values: [state.Newer[^1]]);

    public static Refusal Behind(SchemaState state) => new("schema.behind", RefusalKind.Conflict, Values: [state.Pending.Count]);

    /// <summary>For people at a console or in a log.</summary>
    public static string Explain(Refusal refusal) => refusal.Code switch
    {
        "schema.newer" => $"The database was written by a newer version of this program (it has the migration {refusal.Values[0]}). Start that version, or restore a backup from before.",
        "schema.behind" => $"The database lacks {refusal.Values[0]} migrations of this program. Run the command migrate, or set Database:MigrateAtStart to true.",
        var code => code,
    };

    private async IAsyncEnumerable<DbContext> StoresAsync(IServiceProvider services)
    {
        await using var db = portal.For(AccessScope.System("schema"));
        yield return db;
        yield return services.GetRequiredService<IdentityStoreContext>();
    }
}
