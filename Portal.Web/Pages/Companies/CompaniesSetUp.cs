using Portal.Domain.Companies;

namespace Portal.Web.Pages.Companies;

public static class CompaniesSetUp
{
    public static void AddPortalCompanies(this IServiceCollection services)
    {
        services.AddScoped<SaveCompany>();
        services.AddScoped<SaveSite>();
        services.AddScoped<SaveContact>();
        services.AddScoped<SaveTerritory>();
        services.AddScoped<ChangeCompanies>();
        services.AddScoped<TimelineWords>();
    }
}
