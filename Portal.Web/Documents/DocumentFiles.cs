using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Portal.Domain.Access;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Web.Access;

namespace Portal.Web.Documents;

/// <summary>
/// Files over HTTP. A download is always saved, never shown; what is shown is a picture or a PDF, of the type that was found by looking into it, in an answer that
/// can run nothing. Who does not see the version gets the page of what does not exist.
/// </summary>
public static class DocumentFiles
{
    private const string Sandbox = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'none'; frame-ancestors 'self'";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapDocumentFiles(this IEndpointRouteBuilder app)
    {
        Map(app.MapGroup("/documents").RequireAuthorization(Permissions.ViewDocuments));
        Map(app.MapGroup("/partner/documents").RequireAuthorization(Permissions.PartnerDocuments));
    }

    public static string DownloadPath(long versionId, bool partner) => $"{(partner ? "/partner" : "")}/documents/download/{versionId}";

    public static string ViewPath(long versionId, bool partner) => $"{(partner ? "/partner" : "")}/documents/view/{versionId}";

    private static void Map(RouteGroupBuilder group)
    {
        group.MapMethods("/download/{versionId:long}", Reading, DownloadAsync);
        group.MapMethods("/view/{versionId:long}", Reading, ViewAsync).WithMetadata(new ShownInViewAttribute(true));
    }

    internal static async Task<IResult> DownloadAsync(long versionId, HttpContext http, PortalDbContext db, FileStore store, RecordReceipt receipts, CancellationToken ct)
    {
        if (await FindAsync(db, versionId, ct) is not { } version) { return Results.NotFound(); }
        var content = store.Open(version.Sha256);
        http.Response.RegisterForDispose(content);
        if (HttpMethods.IsGet(http.Request.Method)) { await receipts.DownloadedAsync(version, ct); }
        return Answer(http, version, content, version.FileName);
    }

    private static async Task<IResult> ViewAsync(long versionId, HttpContext http, PortalDbContext db, FileStore store, CancellationToken ct)
    {
        if (await FindAsync(db, versionId, ct) is not { } version) { return Results.NotFound(); }
        if (!FileKinds.IsShown(version.ContentType)) { return Results.NotFound(); }
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Sandbox;
        headers.XFrameOptions = "SAMEORIGIN";
        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(version.FileName);
        headers.ContentDisposition = disposition.ToString();
        return Answer(http, version, store.Open(version.Sha256), downloadName: null);
    }

    private static Task<DocumentVersion?> FindAsync(PortalDbContext db, long versionId, CancellationToken ct) =>
        db.DocumentVersions.AsNoTracking().FirstOrDefaultAsync(v => v.Id == versionId, ct);

    private static IResult Answer(HttpContext http, DocumentVersion version, FileStream content, string? downloadName)
    {
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.Stream(content, version.ContentType, downloadName, version.UploadedAt, new EntityTagHeaderValue($"\"{version.Sha256}\""), enableRangeProcessing: true);
    }
}
