using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Web.Documents;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Api.Documents;

/// <summary>Documents with what is known of the current file, and the file itself.</summary>
public static class DocumentsApi
{
    public static readonly IReadOnlyList<ApiRecords> Records =
    [
        ApiRecords.Of("/documents", Permissions.ViewDocuments, ApiScopes.DocumentsRead, Pages.Documents.IndexModel.Definition).Called("version", "versionNumber").Versioned(d => d.Version)
            .With(more => more
                .Text("description", d => d.Description)
                .Text("file-name", d => Seen.Of<DocumentVersion>().Where(v => v.Id == d.CurrentVersionId).Select(v => v.FileName).FirstOrDefault())
                .Text("content-type", d => Seen.Of<DocumentVersion>().Where(v => v.Id == d.CurrentVersionId).Select(v => v.ContentType).FirstOrDefault())
                .Number("size", d => Seen.Of<DocumentVersion>().Where(v => v.Id == d.CurrentVersionId).Select(v => (long?)v.Size).FirstOrDefault())
                .Text("sha256", d => Seen.Of<DocumentVersion>().Where(v => v.Id == d.CurrentVersionId).Select(v => v.Sha256).FirstOrDefault())),
        ApiRecords.Of("/partner/documents", Permissions.PartnerDocuments, ApiScopes.DocumentsRead, Pages.Documents.Partner.IndexModel.Definition).Called("version", "versionNumber")
            .With(more => more
                .Text("description", d => d.Description)
                .Date("valid-from", d => d.ValidFrom)
                .Text("file-name", d => Seen.Of<DocumentVersion>().Where(v => v.Id == d.VersionId).Select(v => v.FileName).FirstOrDefault())
                .Text("content-type", d => Seen.Of<DocumentVersion>().Where(v => v.Id == d.VersionId).Select(v => v.ContentType).FirstOrDefault())
                .Number("size", d => Seen.Of<DocumentVersion>().Where(v => v.Id == d.VersionId).Select(v => (long?)v.Size).FirstOrDefault())
                .Text("sha256", d => Seen.Of<DocumentVersion>().Where(v => v.Id == d.VersionId).Select(v => v.Sha256).FirstOrDefault())),
    ];

    public static void Map(IEndpointRouteBuilder api)
    {
        foreach (var (path, permission) in new[] { ("/documents", Permissions.ViewDocuments), ("/partner/documents", Permissions.PartnerDocuments) })
        {
            api.MapGet(path + "/{id:long}/file", FileAsync).RequireAuthorization(permission).WithMetadata(new NeedsScope(ApiScopes.DocumentsRead), new ApiOperation(_ => new()
            {
                ["summary"] = "The current file of a document; a partner's download leaves a receipt",
                ["responses"] = new System.Text.Json.Nodes.JsonObject { ["200"] = ApiDescription.Answer("The file", ApiValues.Of("string", "binary"), "application/octet-stream"), ["404"] = ApiDescription.Refusal("None is seen, or nothing was uploaded yet") },
            }));
        }
    }

    private static async Task<IResult> FileAsync(long id, HttpContext http, PortalDbContext db, FileStore store, RecordReceipt receipts, CancellationToken ct) =>
        await db.Documents.Where(d => d.Id == id).Select(d => d.CurrentVersionId).FirstOrDefaultAsync(ct) is { } version ? await DocumentFiles.DownloadAsync(version, http, db, store, receipts, ct) : Results.NotFound();
}
