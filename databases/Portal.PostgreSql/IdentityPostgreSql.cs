using Microsoft.EntityFrameworkCore;
using Portal.Identity.Persistence;

namespace Portal.PostgreSql;

/// <summary>The identity store on PostgreSQL, usually in the portal's own database.</summary>
public static class IdentityPostgreSql
{
    public static void UseIdentityPostgreSql(this DbContextOptionsBuilder options, string connectionString) => options
        .UseNpgsql(connectionString, npgsql => npgsql
            .MigrationsAssembly(typeof(IdentityPostgreSql).Assembly.GetName().Name)
            .MigrationsHistoryTable(IdentityStoreContext.MigrationsTable));
}
