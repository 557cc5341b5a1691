using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;

namespace Portal.Web.Api;

/// <summary>What a write did, or why it was not done.</summary>
/// <param name="Answer">At most some hundred characters: it is kept with the submission.</param>
/// <param name="Tag">The entity tag of the record afterwards.</param>
internal sealed record ApiWritten(JsonObject? Answer, string? Tag, IResult? Refusal)
{
    public static ApiWritten Refused(IResult refusal) => new(null, null, refusal);
}

/// <summary>What every write of the API asks first: one JSON object of bounded size, and a key under which the same submission is done once.</summary>
internal static class ApiWrites
{
    public const string KeyHeader = "Idempotency-Key", RepeatedHeader = "Idempotency-Replayed";
    private const int LongestKey = 200, LargestAnswer = 1_000, Deepest = 8;

    public static readonly (string Name, string Description, bool Required) KeyParameter = (KeyHeader, "Made up by the program for this submission, up to 200 printable characters; the same key with the same body is done once", true);

    /// <returns>The object and its bytes, or why there is none.</returns>
    public static async Task<(JsonElement Root, byte[] Bytes, IResult? Refusal)> ReadAsync(HttpContext http, CancellationToken ct)
    {
        if (!http.Request.HasJsonContentType()) { return (default, [], ApiProblems.Of(StatusCodes.Status415UnsupportedMediaType, "api.body-no-json")); }
        if (http.Request.ContentLength > ApiDoor.LargestBody) { return (default, [], TooLarge()); }
        using var body = new MemoryStream();
        var part = new byte[16 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(part, ct)) > 0;)
        {
            if (body.Length + read > ApiDoor.LargestBody) { return (default, [], TooLarge()); }
            body.Write(part, 0, read);
        }
        try
        {
            var root = JsonDocument.Parse(body.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = Deepest }).RootElement;
            return root.ValueKind is JsonValueKind.Object ? (root, body.ToArray(), null) : (default, [], Unreadable());
        }
        catch (JsonException)
        {
            return (default, [], Unreadable());
        }

        static IResult TooLarge() => ApiProblems.Of(StatusCodes.Status413PayloadTooLarge, "api.body-large", ApiDoor.LargestBody / 1024 / 1024);
        static IResult Unreadable() => ApiProblems.Of(StatusCodes.Status400BadRequest, "api.body-unreadable");
    }

    /// <summary>
    /// Does it in one transaction together with the key and the answer, or not at all. Who sends the same again gets the first answer; the same key with something else is refused.
    /// </summary>
    public static async Task<IResult> OnceAsync(HttpContext http, PortalDbContext db, byte[] body, Func<Task<ApiWritten>> act, CancellationToken ct)
    {
        if (http.Request.Headers[KeyHeader] is not [{ Length: > 0 and <= LongestKey } key] || !key.All(c => c is > ' ' and <= '~')) { return ApiProblems.Of(StatusCodes.Status400BadRequest, "api.key-missing"); }
        var name = "api:" + Hash(Encoding.UTF8.GetBytes($"{ApiToken.Of(http)!.ClientId}\n{http.Request.Method} {http.Request.Path}\n{key}"));
        var content = Hash([.. body, .. Encoding.UTF8.GetBytes($"\n{http.Request.Headers.IfMatch}\n{http.Request.Headers.IfNoneMatch}")]);
        if (await FirstAsync(db, name, ct) is { } first) { return Repeat(http, first, content); }
        IResult result = Results.StatusCode(StatusCodes.Status500InternalServerError);
        try
        {
            await db.InOneTransactionAsync(async () =>
            {
                db.IdempotencyKey = name;
                var written = await act();
                if (written.Refusal is { } refusal)
                {
                    result = refusal;
                    return false;
                }
                // Where the act changed nothing, the key is still to be saved.
                await db.SaveChangesAsync(ct);
                var answer = written.Answer!.ToJsonString(ApiProblems.Json);
                var kept = $"{content}\n{written.Tag}\n{answer}";
                if (kept.Length > LargestAnswer) { throw new InvalidOperationException("The answer is too long to be kept with its submission."); }
                await db.Set<IdempotencyKey>().Where(k => k.PersonId == db.Scope.PersonId && k.Key == name).ExecuteUpdateAsync(k => k.SetProperty(x => x.Location, kept), ct);
                result = Tell(http, written.Tag, answer);
                return true;
            }, ct);
            return result;
        }
        catch (DuplicateSubmissionException)
        {
            // The other one of two at once was quicker; its answer stands.
            db.ChangeTracker.Clear();
            return Repeat(http, await FirstAsync(db, name, ct) ?? "", content);
        }
    }

    private static Task<string?> FirstAsync(PortalDbContext db, string name, CancellationToken ct) =>
        db.Set<IdempotencyKey>().AsNoTracking().Where(k => k.PersonId == db.Scope.PersonId && k.Key == name).Select(k => k.Location ?? "").FirstOrDefaultAsync(ct);

    private static IResult Repeat(HttpContext http, string first, string content)
    {
        if (first.Split('\n', 3) is not [var known, var tag, var answer] || known != content) { return ApiProblems.Of(StatusCodes.Status422UnprocessableEntity, "api.key-used"); }
        http.Response.Headers[RepeatedHeader] = "true";
        return Tell(http, tag, answer);
    }

    private static ApiBody Tell(HttpContext http, string? tag, string answer)
    {
        if (tag is { Length: > 0 }) { http.Response.Headers.ETag = tag; }
        return new(Encoding.UTF8.GetBytes(answer));
    }

    private static string Hash(byte[] bytes) => Base64Url.EncodeToString(SHA256.HashData(bytes));
}
