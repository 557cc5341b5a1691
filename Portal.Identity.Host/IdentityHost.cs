using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.Identity.Pages;
using Portal.Identity.Persistence;

namespace Portal.Identity.Host;

/// <summary>The composition of the provider alone, one for serving, commands and tests.</summary>
public static class IdentityHost
{
    /// <summary>What holds where no settings say otherwise: <c>appsettings.json</c> beside the program, the environment, arguments.</summary>
    private static readonly Dictionary<string, string?> s_defaults = new()
    {
        ["Urls"] = "https://localhost:5090", ["Logging:LogLevel:Default"] = "Information", ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning", ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",
    };

    /// <param name="adapt">What a command or test changes before the services are built.</param>
    public static WebApplication Build(string[] settings, Action<WebApplicationBuilder>? adapt = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = settings,
            ApplicationName = typeof(IdentityHost).Assembly.GetName().Name,
            ContentRootPath = settings.Any(s => s.StartsWith("--contentRoot", StringComparison.OrdinalIgnoreCase)) ? null : AppContext.BaseDirectory,
        });
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = s_defaults });
        builder.AddProvider();
        adapt?.Invoke(builder);
        var app = builder.Build();
        app.UseProvider();
        return app;
    }

    private static void AddProvider(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            if (Certificate.ForSettings(context.Configuration, new DataFolder(context.Configuration, context.HostingEnvironment), TimeProvider.System.GetUtcNow()) is { } made)
            {
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = made);
            }
        });
        if (!builder.Environment.IsDevelopment())
        {
            builder.Logging.AddJsonConsole(json => { json.IncludeScopes = true; json.UseUtcTimestamp = true; });
        }
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new DataFolder(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IHostEnvironment>()));
        services.AddSingleton<Store>();
        services.AddSingleton<Schema>();
        // Before the provider's own start, which needs the tables.
        services.AddHostedService<StoreStart>();
        services.AddPortalIdentity(options =>
        {
            var settings = builder.Configuration;
            options.Issuer = settings["Identity:Issuer"] is { Length: > 0 } issuer ? issuer : FirstOf(settings["Urls"]);
            options.ProductName = settings["Identity:ProductName"] ?? options.ProductName;
            options.HomeUrl = settings["Identity:HomeUrl"] ?? (Uri.TryCreate(options.Issuer, UriKind.Absolute, out var own) ? own.AbsolutePath.TrimEnd('/') : "") + AccountPath;
            options.Database = (provider, database) => provider.GetRequiredService<Store>().Use(database);
            options.EnterWrite = (provider, ct) => provider.GetRequiredService<Store>().EnterWriteAsync(ct);
            options.StoreIsSharedBy = provider => provider.GetRequiredService<Store>().IsShared;
            options.Take(settings, provider => provider.GetRequiredService<DataFolder>().File("identity.key"));
            var everybody = settings.GetValue("Identity:SecondFactor:Everybody", false);
            options.NeedsSecondFactor = (_, _, _) => ValueTask.FromResult(everybody);
            var shortest = settings.GetValue("Identity:ShortestPassword", LongerPassword);
            options.ShortestPassword = (_, _, _) => ValueTask.FromResult(shortest);
        });
        services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        services.AddHealthChecks().AddCheck<StoreHealth>("database");
    }

    private const string AccountPath = "/account";

    /// <summary>What the portal asks of its own staff. Who is staff is not known here, so everybody is asked for it where no setting says otherwise.</summary>
    private const int LongerPassword = 15;

    private static void UseProvider(this WebApplication app)
    {
        app.Use(AddHeadersAsync);
        if (!app.Environment.IsDevelopment()) { app.UseHsts(); }
        app.UsePortalIdentityFaults(Store.IsUnreachable);
        app.UseRouting();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready");
        app.MapStaticAssets();
        app.MapPortalIdentity();
        var home = app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<PortalIdentityOptions>>().Value.HomeUrl;
        app.MapGet("/", () => Results.Redirect(home)).ExcludeFromDescription();
    }

    /// <summary>On every answer; the pages have a policy of their own that allows their style sheets.</summary>
    private static Task AddHeadersAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null) { headers.CacheControl = "no-store"; }
        return next(http);
    }

    /// <summary>A wildcard host becomes localhost, which is right on a developer's machine only: elsewhere Identity:Issuer names the address.</summary>
    private static string FirstOf(string? urls)
    {
        var first = (urls ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "https://localhost:5090";
        return first.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal).TrimEnd('/');
    }

    /// <summary>Ready means that a question to the database is answered.</summary>
    private sealed class StoreHealth(IdentityStoreContext db) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await db.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
    }
}
