using Portal.Domain.Documents;
using Portal.Web.Pages.Documents;

namespace Portal.Web.Documents;

/// <summary>Settings <c>Documents:MaxMegabytes</c> (1 to 2,000, 50 where not set), <c>Documents:AllowZip</c>, <c>Documents:ClamAv</c>.</summary>
public sealed record DocumentOptions(int MaxMegabytes)
{
    public long MaxBytes => (long)MaxMegabytes << 20;

    /// <summary>The file and the fields around it.</summary>
    public long MaxRequestBytes => MaxBytes + (1 << 20);

    /// <exception cref="InvalidOperationException">The size makes no sense.</exception>
    public static DocumentOptions From(IConfiguration settings)
    {
        var megabytes = settings.GetValue("Documents:MaxMegabytes", 50);
        return megabytes is >= 1 and <= 2000 ? new(megabytes) : throw new InvalidOperationException("Documents:MaxMegabytes must be 1 to 2000.");
    }
}

public static class DocumentsSetUp
{
    /// <summary>The file store and the acts of the area Documents.</summary>
    public static void AddPortalDocuments(this IServiceCollection services, IConfiguration settings)
    {
        services.AddSingleton(DocumentOptions.From(settings));
        services.AddSingleton<FileStore>();
        services.AddSingleton(new FileKinds(settings.GetValue("Documents:AllowZip", false)));
        services.AddSingleton(new FileScanner(settings["Documents:ClamAv"]));
        services.AddSingleton<ReceiveFile>();
        services.AddScoped<SaveDocument>();
        services.AddScoped<AddVersion>();
        services.AddScoped<PublishDocument>();
        services.AddScoped<SaveFolder>();
        services.AddScoped<RecordReceipt>();
        services.AddScoped<FolderTrees>();
    }
}
