using System.Globalization;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Web.Access;

/// <summary>Which record the page with an id in its address is about. Who does not see it is refused before the page begins. On the pages of partners: foreign ids come from outside the house.</summary>
public interface IAboutRecord
{
    /// <summary>Whether the asker sees the record in any field set: one question, and the context's scope answers.</summary>
    Task<bool> IsSeenAsync(PortalDbContext db, long id, CancellationToken ct);
}

/// <inheritdoc cref="IAboutRecord"/>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AboutAttribute<T> : Attribute, IAboutRecord where T : Aggregate
{
    private static readonly CompiledQuery<long, long> s_seen = new((db, id) => db.Set<T>().Where(record => record.Id == id).Select(record => record.Id));

    public async Task<bool> IsSeenAsync(PortalDbContext db, long id, CancellationToken ct) => await s_seen.FirstOrDefaultAsync(db, id, ct) == id;
}

/// <summary>
/// After authorization. Most of what it cost to refuse a record that is not there or not the asker's was the way into the page and out of it. The page asks again for what it shows, in the field set
/// that it shows: no second rule, the same scope answers both.
/// </summary>
internal static class UnseenRecords
{
    public static async Task RefuseAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<IAboutRecord>() is { } about && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            && long.TryParse(http.Request.RouteValues["id"] as string, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            && !await about.IsSeenAsync(http.RequestServices.GetRequiredService<PortalDbContext>(), id, http.RequestAborted))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await next(http);
    }
}
