namespace Portal.Web.Tests.Access;

/// <summary>What the matrix lets pass although its rules say otherwise, each with its reason.</summary>
public static class MatrixExceptions
{
    /// <summary>Surfaces that ask for more than sight of their record.</summary>
    public static readonly IReadOnlyDictionary<string, string> Narrower = new Dictionary<string, string>
    {
        ["GET /jobs/{id:long}/{handler?} (Result)"] = "a job that has no result yet has nothing to fetch",
        ["GET /partner/opportunities/{id:long}/advance"] = "what is seen in summary or may only be read is not a partner's to change",
        ["GET /api/v1/partner/opportunities/{id:long}"] = "what is seen in summary alone stands among the summaries",
        ["GET /partner/demand/report"] = "only who sells reports what is sold; a supplier has nothing to report",
    };

    /// <summary>Surfaces that name something and yet tell everybody the same.</summary>
    public static readonly IReadOnlyDictionary<string, string> SameForAll = new Dictionary<string, string>
    {
        ["GET /reports/{name}/{handler?} (Styles)"] = "one style sheet for every report, known or not; it holds no data",
    };

    /// <summary>What an address must ask to be answered at all.</summary>
    public static readonly IReadOnlyDictionary<string, string> Questions = new Dictionary<string, string>
    {
        ["/views"] = "list=jobs&path=/jobs",
    };

    /// <summary>What a form must say besides to be taken, where no page offers it as a form.</summary>
    public static readonly IReadOnlyDictionary<string, (string Name, string Value)[]> Answers = new Dictionary<string, (string, string)[]>
    {
        ["POST /reports/{name}/{handler?}"] = [("format", "csv")],
        ["POST /access/people/{id:long}/account (Act)"] = [("act", "unlock")],
        ["POST /partner/people/{id:long} (Act)"] = [("act", "withdraw")],
    };

    /// <summary>Forms that are sent when everything else was: after them somebody is logged out.</summary>
    public static readonly IReadOnlyDictionary<string, string> Last = new Dictionary<string, string>
    {
        ["POST /access/people/{id:long}/account (Act)"] = "may end every session of somebody",
        ["POST /access/people/{id:long}/account (End)"] = "ends a session of somebody who still has forms to send",
        ["POST /access/people/{id:long}/account (EndOthers)"] = "ends all of them",
        ["POST /access/providers/{id} (Delete)"] = "takes away what other forms are about",
    };

    /// <summary>Reads that leave a line behind by their nature.</summary>
    public static readonly IReadOnlyDictionary<string, string> WritingReads = new Dictionary<string, string>
    {
        ["GET /documents/download/{versionId:long}"] = "who downloaded a document is on record",
        ["GET /partner/documents/download/{versionId:long}"] = "who downloaded a document is on record",
        ["GET /api/v1/partner/documents/{id:long}/file"] = "who downloaded a document is on record",
    };

    /// <summary>Tables that those reads write to.</summary>
    public static readonly string[] WrittenByReads = ["document_receipts", "idempotency_keys"];

    /// <summary>What anybody may ask without logging in. A change here is a change of who may come in.</summary>
    public static readonly string[] Open =
    [
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/account",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/account/authenticator",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/account/authenticator/remove",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/account/email",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/account/passkeys",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/account/passkeys/remove",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/account/password",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/account/recovery-codes",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/authorize",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/consent",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/email",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/end-session",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/end-session/answer",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/federation/start",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/federation/{provider}/callback",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/federation/{provider}/logout",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/forgot",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/introspect",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/invitation",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/log-in",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/log-in/passkey",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/log-in/second",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/log-in/set-up",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/par",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/passkey.js",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/reset",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/revoke",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/token",
        "DELETE GET HEAD OPTIONS PATCH POST PUT TRACE /identity/userinfo",
        "GET /.well-known/oauth-protected-resource/api",
        "GET /api/v1/openapi.json",
        "GET /health/live",
        "GET /health/ready",
        "GET /no-access",
        "GET /preferences",
        "GET /sign-in",
        "GET /sign-in/failed",
        "GET /signed-out",
        "GET HEAD /.well-known/oauth-authorization-server/identity",
        "GET HEAD /identity/.well-known/oauth-authorization-server",
        "GET HEAD /identity/.well-known/openid-configuration",
        "GET HEAD /identity/jwks",
        "GET POST /sign-out",
        "POST /preferences (Language)",
        "POST /preferences (Theme)",
    ];
}
