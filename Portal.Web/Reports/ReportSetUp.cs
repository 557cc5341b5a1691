using Portal.Reports;
using Portal.Reports.Rendering;
using Portal.Web.Jobs;

namespace Portal.Web.Reports;

public static class ReportSetUp
{
    /// <summary>Settings: <c>Reports:Chromium</c> (else the environment's PORTAL_CHROMIUM, else the usual places).</summary>
    public static void AddPortalReports(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(_ => ReportCatalog.Standard());
        services.AddSingleton(provider => new PdfPrinter(new PdfOptions
        {
            Chromium = builder.Configuration["Reports:Chromium"] ?? "",
            FontFolder = Path.Combine(AppContext.BaseDirectory, "print-fonts"),
            WorkFolder = provider.GetRequiredService<Access.DataFolder>().Folder("print"),
        }));
        services.AddSingleton<ReportRunner>();
        services.AddSingleton<IJobWork, ReportWork>();
    }
}
