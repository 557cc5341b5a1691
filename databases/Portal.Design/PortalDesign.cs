using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.PostgreSql;
using Portal.Sqlite;

namespace Portal.Design;

/// <summary>Gives <c>dotnet ef</c> the context of one engine: <c>-- --engine sqlite</c> or <c>-- --engine postgresql</c>.</summary>
public sealed class PortalDesign : IDesignTimeDbContextFactory<PortalDbContext>
{
    public PortalDbContext CreateDbContext(string[] args)
    {
        IEngine engine = args.Contains("postgresql") ? new PostgreSqlEngine("Host=localhost;Database=design") : new SqliteEngine("Data Source=design.db");
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        engine.Configure(options);
        options.ReplaceService<IModelCacheKeyFactory, ScopedModelCacheKeyFactory>();
        return new PortalDbContext(options.Options, engine, AccessScope.System("design"), TimeProvider.System, new IdSource(TimeProvider.System));
    }
}
