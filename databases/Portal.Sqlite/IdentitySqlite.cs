using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Portal.Identity.Persistence;

namespace Portal.Sqlite;

/// <summary>The identity store in the portal's own file. Its writes take turns with the portal's at the engine's gate.</summary>
public static class IdentitySqlite
{
    public static void UseIdentitySqlite(this DbContextOptionsBuilder options, string connectionString) => options
        .UseSqlite(connectionString, sqlite => sqlite
            .MigrationsAssembly(typeof(IdentitySqlite).Assembly.GetName().Name)
            .MigrationsHistoryTable(IdentityStoreContext.MigrationsTable))
        .ReplaceService<IModelCustomizer, SqliteModel>()
        .AddInterceptors(s_setup);

    private static readonly SqliteSetup s_setup = new();

    private sealed class SqliteModel(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
    {
        public override void Customize(ModelBuilder modelBuilder, DbContext context)
        {
            base.Customize(modelBuilder, context);
            SqliteConventions.Apply(modelBuilder);
        }
    }
}
