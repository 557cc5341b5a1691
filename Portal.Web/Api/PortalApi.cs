using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Portal.Identity.Sessions;
using Portal.Web.Access;
using Portal.Web.Api.Catalog;
using Portal.Web.Api.Companies;
using Portal.Web.Api.Documents;
using Portal.Web.Api.Sales;
using Portal.Web.Api.Supply;

namespace Portal.Web.Api;

/// <summary>The JSON API under <see cref="ApiAddresses.Current"/>: what it consists of. Guide: docs/admin/api.md.</summary>
public static class PortalApi
{
    /// <summary>Another kind of record is a line in the list of its area.</summary>
    public static readonly IReadOnlyList<ApiRecords> Records = [.. CompaniesApi.Records, .. CatalogApi.Records, .. SalesApi.Records, .. SupplyApi.Records, .. DocumentsApi.Records];

    public static void AddPortalApi(this IServiceCollection services)
    {
        services.AddSingleton(provider => ApiAddresses.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<ApiLimits>();
        services.AddScoped<BuiltInTokens>();
        services.AddScoped<IApiTokens>(provider => provider.GetRequiredService<SignInAddresses>().IsBuiltIn ? provider.GetRequiredService<BuiltInTokens>() : OfOtherProvider(provider));
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiTokenHandler>(ApiTokenHandler.SchemeName, _ => { });
        // Cookies say nothing here, and tokens say nothing anywhere else.
        services.Configure<CookieAuthenticationOptions>(PortalSignIn.SessionScheme, session => session.ForwardDefaultSelector = http => ApiAddresses.IsApi(http) ? ApiTokenHandler.SchemeName : null);
    }

    public static void MapPortalApi(this WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<ApiAddresses>();
        var api = app.MapGroup(ApiAddresses.Current);
        foreach (var records in Records) { records.Map(api); }
        DocumentsApi.Map(api);
        ProgressApi.Map(api);
        PartnerDemandApi.Map(api);
        DemandDeliveriesApi.Map(api);

        var description = new Lazy<byte[]>(() => Bytes(ApiDescription.Of(app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>(), addresses)));
        app.MapGet(ApiAddresses.Description, () => new ApiBody(description.Value)).AllowAnonymous();
        var metadata = Bytes(Metadata(addresses));
        app.MapGet(ApiAddresses.Metadata, () => new ApiBody(metadata)).AllowAnonymous();
    }

    /// <summary>RFC 9728: where a program that was refused reads who issues tokens and for what.</summary>
    private static JsonObject Metadata(ApiAddresses api) => new()
    {
        ["resource"] = api.Resource,
        ["authorization_servers"] = new JsonArray(api.Authority),
        ["scopes_supported"] = new JsonArray([.. ApiScopes.All.Select(rule => JsonValue.Create(rule.Name))]),
        ["bearer_methods_supported"] = new JsonArray("header"),
        ["resource_name"] = "Portal",
        ["resource_documentation"] = api.PublicUrl + ApiAddresses.Description,
    };

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(ApiProblems.Json));

    private static OtherProvidersTokens OfOtherProvider(IServiceProvider provider)
    {
        var (api, sessions) = (provider.GetRequiredService<ApiAddresses>(), provider.GetRequiredService<HostSessions>());
        return new(provider.GetRequiredService<IOptionsMonitor<SignInHandlerOptions>>().Get(PortalSignIn.ProviderScheme).Provider, api,
            (session, ct) => sessions.IsOverAsync(api.IssuerOfPeople, session, ct), provider.GetRequiredService<TimeProvider>());
    }
}
