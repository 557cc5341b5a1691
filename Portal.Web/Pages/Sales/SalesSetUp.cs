using Portal.Domain.Sales;

namespace Portal.Web.Pages.Sales;

public static class SalesSetUp
{
    /// <summary>The acts and questions of the area Sales.</summary>
    public static void AddPortalSales(this IServiceCollection services)
    {
        services.AddScoped<CreateOpportunity>();
        services.AddScoped<EditOpportunity>();
        services.AddScoped<MoveOpportunity>();
        services.AddScoped<AdvanceOpportunity>();
        services.AddScoped<ChangeOpportunities>();
        services.AddScoped<UndoLastBulkChange>();
        services.AddScoped<AddComment>();
        services.AddScoped<SaveStage>();
        services.AddScoped<Pipeline>();
    }
}
