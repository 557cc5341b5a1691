using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity;
using Portal.Identity.Persistence;
using Portal.PostgreSql;
using Portal.Sqlite;

namespace Portal.Design;

/// <summary>Gives <c>dotnet ef</c> the identity store of one engine: the word <c>Sqlite</c> or <c>PostgreSql</c> among the arguments chooses.</summary>
public sealed class IdentityDesign : IDesignTimeDbContextFactory<IdentityStoreContext>
{
    public IdentityStoreContext CreateDbContext(string[] args)
    {
        // The model depends on the options of ASP.NET Core Identity, so it is made by the same registration as at run time.
        var services = new ServiceCollection().AddPortalIdentity(identity =>
        {
            identity.Issuer = "https://design.example/identity";
            identity.Database = (_, options) =>
            {
                if (args.Contains("PostgreSql", StringComparer.OrdinalIgnoreCase))
                {
                    options.UseIdentityPostgreSql("Host=localhost;Database=design");
                }
                else
                {
                    options.UseIdentitySqlite("Data Source=design.db");
                }
            };
        });
        return services.BuildServiceProvider().GetRequiredService<IdentityStoreContext>();
    }
}
