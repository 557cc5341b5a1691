namespace Portal.Web.Pages.Home;

public static class HomeSetUp
{
    public static void AddPortalHome(this IServiceCollection services)
    {
        services.AddScoped<GlobalSearch>();
        services.AddScoped<StaffHomeQuery>();
        services.AddScoped<PartnerHomeQuery>();
    }
}
