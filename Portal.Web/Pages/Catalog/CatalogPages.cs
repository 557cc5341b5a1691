using Portal.Domain.Catalog;
using Portal.Domain.Supply;

namespace Portal.Web.Pages.Catalog;

/// <summary>What the pages of catalog and supply need from the host.</summary>
public static class CatalogPages
{
    public static IServiceCollection AddCatalogAndSupply(this IServiceCollection services)
    {
        services.AddScoped<SaveProduct>();
        services.AddScoped<SaveCategory>();
        services.AddScoped<SaveSupplierItem>();
        services.AddScoped<EnterDemand>();
        return services;
    }
}
