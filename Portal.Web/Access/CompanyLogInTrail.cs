using System.Text.Json;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Federation;

namespace Portal.Web.Access;

/// <summary>Puts changes of companies' log-ins into the audit trail, where all other changes are. The identity log keeps its own line.</summary>
internal sealed class CompanyLogInTrail(IPortalDb portal, IHttpContextAccessor http) : IFederationTrail
{
    public const string Entity = "CompanyLogIn";
    private const int LongestDoor = 160;

    public async ValueTask NoteAsync(FederationChange change, CancellationToken ct)
    {
        var (context, asker) = (http.HttpContext, http.HttpContext is { } request ? Asker.Of(request) : null);
        var door = context is null ? "system" : $"page:{context.Request.Path}";
        await using var db = portal.For(asker?.Scope ?? AccessScope.LogIn("companies' log-ins"));
        var fields = new Dictionary<string, string?[]> { ["Provider"] = [null, change.Provider] };
        foreach (var (field, before, now) in change.Fields) { fields[field] = [before, now]; }
        db.Add(new AuditEntry
        {
            Id = db.Ids.Next(), At = db.Now, PersonId = db.Scope.PersonId, PersonName = asker is null ? db.Scope.Reason! : db.Scope.PersonName, Through = door.Length > LongestDoor ? door[..LongestDoor] : door,
            // The record is the company: a provider has no number of the portal's own.
            Entity = Entity, RecordId = CompanyPeople.CompanyOf(change.Owner), Action = change.Act switch { FederationAct.Created => "created", FederationAct.Deleted => "deleted", _ => "changed" },
            Changes = JsonSerializer.Serialize(fields, s_json),
        });
        await db.SaveChangesAsync(ct);
    }

    private static readonly JsonSerializerOptions s_json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
