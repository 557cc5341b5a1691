using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Sessions;

namespace Portal.Web.Access;

/// <summary>
/// The request of a colleague who looks at the portal as a partner's person sees it. Its asker is that person, reading only; <see cref="Own"/> is the colleague. The
/// record of the view decides: when it is over or was ended, in whichever node, the next request is the colleague's own again.
/// </summary>
public sealed record ViewingAs(long ViewId, Asker Own, string PersonName, string Company, DateTimeOffset Until)
{
    private const string OpenedAct = "opened";
    private const int LongestDoor = 160;

    public static ViewingAs? Of(HttpContext http) => http.Items.TryGetValue(typeof(ViewingAs), out var viewing) ? (ViewingAs?)viewing : null;

    /// <summary>Takes the person's place where this session has an open view and the colleague may still have one.</summary>
    internal static async Task EnterAsync(HttpContext http, Asker own)
    {
        if (PortalSession.Of(http)?.Live is not { ViewingPerson: { } person, ViewingUntil: { } until } || !own.Scope.May(Permissions.ViewAs)) { return; }
        var services = http.RequestServices;
        if (until <= services.GetRequiredService<TimeProvider>().GetUtcNow()) { return; }
        await using var db = services.GetRequiredService<IPortalDb>().For(own.Scope);
        var view = await db.SupportViews.AsNoTracking().Where(v => v.ViewerId == own.Scope.PersonId && v.PersonId == person && v.EndedAt == null && v.Until > db.Now)
            .OrderByDescending(v => v.Id).Select(v => new { v.Id, v.Until }).FirstOrDefaultAsync(http.RequestAborted);
        if (view is null || await services.GetRequiredService<Askers>().OfPersonAsync(person, http.RequestAborted) is not { Scope.Kind: ScopeKind.Partner } seen) { return; }
        http.Items[typeof(Asker)] = seen with { Scope = seen.Scope.ToRead(), Language = own.Language };
        http.Items[typeof(ViewingAs)] = new ViewingAs(view.Id, own, seen.Viewer.Name, seen.Viewer.Company, view.Until);
    }

    /// <summary>
    /// The one place where a view's requests are refused: everything that is not read, every file, and pages that are the person's alone. What is shown is written down
    /// before it is. What anybody may open without logging in is no part of a view.
    /// </summary>
    internal static async Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        if (Of(http) is { } viewing && http.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && endpoint.Metadata.GetMetadata<EndsViewAttribute>() is null)
        {
            if (!Shows(endpoint.Metadata, http.Request))
            {
                http.Response.StatusCode = StatusCodes.Status403Forbidden;
                return;
            }
            await viewing.NoteAsync(http);
        }
        await next(http);
    }

    /// <summary>Pages are shown unless they say otherwise; other endpoints only where they say so.</summary>
    public static bool IsShown(EndpointMetadataCollection endpoint) =>
        endpoint.GetMetadata<ShownInViewAttribute>()?.Shown ?? endpoint.GetMetadata<PageActionDescriptor>() is not null;

    private static bool Shows(EndpointMetadataCollection endpoint, HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && IsShown(endpoint) && !request.Query.ContainsKey("export");

    private async Task NoteAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        var door = $"page:{path}";
        await using var db = http.RequestServices.GetRequiredService<IPortalDb>().For(Own.Scope);
        db.Add(new AuditEntry
        {
            Id = db.Ids.Next(), At = db.Now, PersonId = Own.Scope.PersonId, PersonName = Own.Scope.PersonName, Through = door.Length > LongestDoor ? door[..LongestDoor] : door,
            Entity = nameof(SupportView), RecordId = ViewId, Action = OpenedAct, Changes = JsonSerializer.Serialize(new { Path = new[] { null, path } }),
        });
        await db.SaveChangesAsync(http.RequestAborted);
    }

    /// <summary>Begins a view in this browser. The caller has made the record.</summary>
    public static Task BeginAsync(HttpContext http, SupportView view, CancellationToken ct) =>
        http.RequestServices.GetRequiredService<HostSessions>().ViewAsync(PortalSession.Of(http)!.Key, view.PersonId, view.Until, ct);

    /// <summary>Ends the view of this browser, if it has one.</summary>
    public static async Task EndAsync(HttpContext http, CancellationToken ct)
    {
        if (Of(http) is not { } viewing) { return; }
        await using (var db = http.RequestServices.GetRequiredService<IPortalDb>().For(viewing.Own.Scope, $"page:{http.Request.Path}")) { await new ViewAsPerson(db).EndAsync(ct); }
        await http.RequestServices.GetRequiredService<HostSessions>().ViewAsync(PortalSession.Of(http)!.Key, null, null, ct);
    }

    /// <summary>A session ended that showed a view: the record says so too.</summary>
    internal static async Task SessionEndedAsync(IServiceProvider services, string issuer, string subject, DateTimeOffset at, CancellationToken ct)
    {
        await using var db = services.GetRequiredService<IPortalDb>().For(AccessScope.System("end the view of an ended session"), "identity:session-ended");
        if (await db.People.Where(p => p.Issuer == issuer && p.Subject == subject).Select(p => (long?)p.Id).FirstOrDefaultAsync(ct) is { } viewer) { await new ViewAsPerson(db).EndOfSessionAsync(viewer, at, ct); }
    }
}

/// <summary>Whether a page or endpoint is shown to a colleague who looks as a partner's person.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShownInViewAttribute(bool shown) : Attribute
{
    public bool Shown => shown;
}

/// <summary>On the page that ends a view: the one post that is not refused.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EndsViewAttribute : Attribute;
