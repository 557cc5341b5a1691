using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.WebEncoders;
using Portal.Domain.Common;
using Portal.Web.Access;
using Portal.Web.Api;
using Portal.Web.Exchange;
using Portal.Web.Documents;
using Portal.Web.Demo;
using Portal.Web.Jobs;
using Portal.Web.Pages.Catalog;
using Portal.Web.Reports;
using Portal.Web.Pages.Companies;
using Portal.Web.Pages.Sales;
using Portal.Web.Pages.Home;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Host;

/// <summary>The composition of the program, one for serving, commands, tests and benchmarks.</summary>
public static class PortalHost
{
    /// <param name="adapt">What a command or test changes before the services are built.</param>
    /// <param name="serves">It will serve as it is built: what the start waits for is begun before the services are registered and the pages mapped, which takes its time.</param>
    public static WebApplication Build(string[] settings, Action<WebApplicationBuilder>? adapt = null, bool serves = false)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = settings,
            ApplicationName = typeof(PortalHost).Assembly.GetName().Name,
            ContentRootPath = File.Exists("appsettings.json") || settings.Any(s => s.StartsWith("--contentRoot", StringComparison.OrdinalIgnoreCase))
                ? null : AppContext.BaseDirectory,
        });
        var engine = builder.AddPortalDatabase();
        if (serves) { Schema.BuildModelBeside(engine); }
        builder.AddPortal();
        adapt?.Invoke(builder);
        var app = builder.Build();
        if (serves) { app.Services.GetRequiredService<LookAhead>().Begin(); }
        app.UsePortal();
        return app;
    }

    public static void AddPortal(this WebApplicationBuilder builder)
    {
        // Compressed assets are found beside the build output in every environment, not in Development alone.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        if (!builder.Environment.IsDevelopment())
        {
            builder.Logging.AddJsonConsole(json => { json.IncludeScopes = true; json.UseUtcTimestamp = true; });
        }
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new IdSource(provider.GetRequiredService<TimeProvider>(), NodeOf(builder.Configuration)));
        services.AddSingleton<AssetUrls>();
        services.AddSingleton<IStringLocalizerFactory, TextLocalizerFactory>();
        services.AddSingleton(typeof(IStringLocalizer<>), typeof(StringLocalizer<>));
        services.AddHttpContextAccessor();
        services.Configure<WebEncoderOptions>(web => web.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddAntiforgery(form => form.HeaderName = "X-Portal-Form");
        services.AddOptions<AntiforgeryOptions>().Configure<SignInAddresses>((form, site) => form.Cookie = new SiteCookie(SiteCookies.Form, site) { SameSite = SameSiteMode.Strict, IsEssential = true });
        services.AddOptions<CookieTempDataProviderOptions>().Configure<SignInAddresses>((note, site) => note.Cookie = new SiteCookie(SiteCookies.Note, site) { SameSite = SameSiteMode.Lax });
        services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        builder.AddPortalAccounts();
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
        services.AddPortalPolicies();
        services.AddSingleton<IViewerSource, AskerViewers>();
        services.AddSingleton<Schema>();
        services.AddSingleton<DemoSetUp>();
        services.AddSingleton<LookAhead>();
        services.AddHostedService<DatabaseStart>();
        services.AddPortalJobs();
        builder.AddPortalReports();
        services.AddPortalCompanies();
        services.AddPortalImports();
        services.AddPortalHome();
        services.AddRecordLookUps();
        services.AddPortalAccess();
        services.AddCatalogAndSupply();
        services.AddPortalDocuments(builder.Configuration);
        services.AddPortalSales();
        services.AddPortalApi();
        services.AddPortalPages();
    }

    /// <exception cref="StartRefusedException">The setting is no number that ids have room for.</exception>
    private static int NodeOf(IConfiguration settings) => (settings["Portal:Node"] ?? "") switch
    {
        "" => 0,
        var number when int.TryParse(number, CultureInfo.InvariantCulture, out var node) && node is >= 0 and < 1024 => node,
        var other => throw new StartRefusedException($"Portal:Node '{other}' is not a number from 0 to 1023."),
    };

    public static void UsePortal(this WebApplication app)
    {
        app.Use(SecurityHeaders.UseAsync);
        app.UseMiddleware<Faults>();
        if (!app.Environment.IsDevelopment()) { app.UseHsts(); }
        app.Use(Language.UseAsync);
        app.UseRouting();
        app.Use(SecurityHeaders.KeepPersonalPagesOutOfCachesAsync);
        app.Use(OtherSites.RefuseAsync);
        app.UseAuthentication();
        app.UseWhen(http => !ApiAddresses.IsApi(http), people =>
        {
            people.Use(AskerMiddleware.UseAsync);
            people.UsePortalPeople();
            people.Use(Language.UsePersonsAsync);
        });
        app.UseWhen(ApiAddresses.IsApi, programs => programs.Use(ApiDoor.UseAsync));
        app.UseAuthorization();
        app.Use(ViewingAs.GuardAsync);
        app.Use(UnseenRecords.RefuseAsync);
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready").AllowAnonymous();
        app.MapPortalAccounts();
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorPages().WithStaticAssets();
        app.MapLookUps();
        app.MapDocumentFiles();
        app.MapPortalApi();
    }
}
