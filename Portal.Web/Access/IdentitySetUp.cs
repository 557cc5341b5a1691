using Portal.Domain.Persistence;
using Portal.Identity;
using Portal.Identity.Federation;
using Portal.PostgreSql;
using Portal.Sqlite;
using Portal.Web.Api;

namespace Portal.Web.Access;

/// <summary>Takes the built-in provider in, on the portal's own database, unless <c>Identity:Authority</c> names another.</summary>
public static class IdentitySetUp
{
    public static void AddPortalAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddPortalSignIn(builder.Configuration);
        services.AddScoped<IPersonDirectory, AskerDirectory>();
        services.AddSingleton<RoleMapping>();
        services.AddSingleton<SecondFactorRules>();
        services.AddSingleton<PasswordLengths>();
        services.AddSingleton<AddressOfPerson>();
        services.AddSingleton<IFederatedPeople, CompanyPeople>();
        services.AddSingleton<IFederationTrail, CompanyLogInTrail>();
        services.AddPortalIdentity(options =>
        {
            var addresses = SignInAddresses.From(builder.Configuration);
            options.Issuer = addresses.IsBuiltIn ? addresses.Authority : addresses.PublicUrl + "/identity";
            options.Database = (provider, database) =>
            {
                if (provider.GetRequiredService<IEngine>() is SqliteEngine sqlite) { database.UseIdentitySqlite(sqlite.ConnectionString); }
                else { database.UseIdentityPostgreSql(builder.Configuration["Database:ConnectionString"]!); }
            };
            options.EnterWrite = (provider, ct) => provider.GetRequiredService<IEngine>().EnterWriteAsync(ct);
            options.StoreIsSharedBy = provider => provider.GetRequiredService<IEngine>().IsShared;
            options.Take(builder.Configuration, provider => provider.GetRequiredService<DataFolder>().File("identity.key"));
            options.NeedsSecondFactor = (provider, subject, ct) => provider.GetRequiredService<SecondFactorRules>().AskAsync(subject, ct);
            options.ShortestPassword = (provider, subject, ct) => provider.GetRequiredService<PasswordLengths>().ShortestAsync(subject, ct);
            options.EmailChanged = (provider, subject, email, ct) => provider.GetRequiredService<AddressOfPerson>().KeepAsync(subject, email, ct);
            options.ViewEnded = ViewingAs.SessionEndedAsync;
            options.Clients.Add(PortalSignIn.Registration(builder.Configuration));
            if (addresses.IsBuiltIn) { options.Resources.Add(ApiScopes.Registration(ApiAddresses.From(builder.Configuration).Audience)); }
        });
    }

    /// <summary>Where companies use another provider, the built-in one is not mapped.</summary>
    public static void MapPortalAccounts(this WebApplication app)
    {
        if (app.Services.GetRequiredService<SignInAddresses>().IsBuiltIn) { app.MapPortalIdentity(); }
        app.MapPortalSignIn();
    }

    private sealed class AskerDirectory(Askers askers, IHttpContextAccessor http) : IPersonDirectory
    {
        public async Task<SignedInPerson?> FindAsync(string issuer, string subject, CancellationToken ct)
        {
            var asker = http.HttpContext is { } context && Asker.IsKnown(context, issuer, subject) ? Asker.Of(context) : await askers.FindAsync(issuer, subject, ct);
            return asker is null ? null : new(asker.Scope.PersonId, asker.Language);
        }
    }
}
