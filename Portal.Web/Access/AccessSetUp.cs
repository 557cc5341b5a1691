using Portal.Domain.Access;
using Portal.Web.Pages.Access;

namespace Portal.Web.Access;

public static class AccessSetUp
{
    /// <summary>The acts and questions of the area Access.</summary>
    public static void AddPortalAccess(this IServiceCollection services)
    {
        services.AddSingleton<Onlookers>();
        services.AddScoped<ShareRecord>();
        services.AddScoped<EditPerson>();
        services.AddScoped<SaveTeam>();
        services.AddScoped<GrantAccess>();
        services.AddScoped<Colleagues>();
        services.AddScoped<ViewAsPerson>();
        services.AddScoped<ActForClient>();
        services.AddScoped<Audiences>();
    }
}
