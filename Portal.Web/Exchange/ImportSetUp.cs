using Portal.Domain.Exchange;
using Portal.Web.Jobs;

namespace Portal.Web.Exchange;

public static class ImportSetUp
{
    public static void AddPortalImports(this IServiceCollection services)
    {
        services.AddSingleton(new Importer(ImportTargets.All));
        services.AddSingleton(provider => new ImportProfiles(provider.GetRequiredService<Importer>()));
        services.AddSingleton<ImportDeliveries>();
        services.AddSingleton<IJobWork, ImportWork>();
    }
}
