using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Ui;

namespace Portal.Web.Access;

/// <summary>The person behind a request, with what the person may do and see now.</summary>
public sealed record Asker(AccessScope Scope, Viewer Viewer, string Language)
{
    private const int MostKept = 50;

    private readonly ConcurrentDictionary<object, object> _kept = [];

    /// <summary>Whether the request's asker was looked up for this account.</summary>
    internal static bool IsKnown(HttpContext context, string issuer, string subject) =>
        context.Items.TryGetValue(typeof(Askers), out var account) && Equals(account, (issuer, subject));

    /// <summary>What was worked out for this person's pages before, gone when anything that scopes are built from changes.</summary>
    /// <param name="key">With few different values in all.</param>
    public T? Kept<T>(object key) where T : class => _kept.TryGetValue(key, out var kept) ? (T)kept : null;

    public void Keep(object key, object value)
    {
        if (_kept.Count >= MostKept) { _kept.Clear(); }
        _kept[key] = value;
    }

    public static Asker? Of(HttpContext context) => context.Items.TryGetValue(typeof(Asker), out var asker) ? (Asker?)asker : null;
}

/// <summary>
/// From issuer and subject to the asker. An answer is kept until anything that scopes are built from changes, in whichever process: a right that was
/// taken away is gone with the next request.
/// </summary>
public sealed class Askers(IPortalDb portal, PortalDb db, ScopeBuilder scopes, TimeProvider clock)
{
    private const int MostKept = 20_000;

    private readonly ConcurrentDictionary<(string Issuer, string Subject), (long Version, Asker? Asker)> _kept = new();

    /// <returns>Null where no active person is linked to the account.</returns>
    public async ValueTask<Asker?> FindAsync(string issuer, string subject, CancellationToken ct)
    {
        var version = await db.AccessVersionAsync(ct);
        if (_kept.TryGetValue((issuer, subject), out var kept) && kept.Version == version
            && (kept.Asker is null || kept.Asker.Scope.ValidUntil > clock.GetUtcNow())) { return kept.Asker; }
        var asker = await LoadAsync(issuer, subject, ct);
        if (_kept.Count >= MostKept) { _kept.Clear(); }
        _kept[(issuer, subject)] = (version, asker);
        return asker;
    }

    /// <summary>The same for a person whom somebody else looks at the portal as; never kept.</summary>
    internal Task<Asker?> OfPersonAsync(long id, CancellationToken ct) => LoadAsync(p => p.Id == id, ct);

    private Task<Asker?> LoadAsync(string issuer, string subject, CancellationToken ct) => LoadAsync(p => p.Issuer == issuer && p.Subject == subject, ct);

    private async Task<Asker?> LoadAsync(Expression<Func<Person, bool>> which, CancellationToken ct)
    {
        await using var context = portal.For(AccessScope.Rights("find the person of an account"));
        var person = await context.People.AsNoTracking().Where(which).Where(p => p.Active)
            .Select(p => new { p.Id, p.Name, p.TimeZone, p.Language, Company = context.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Name).FirstOrDefault() })
            .FirstOrDefaultAsync(ct);
        if (person is null || await scopes.ForAsync(person.Id, ct) is not { } scope) { return null; }
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(person.TimeZone, out var found) ? found : TimeZoneInfo.Utc;
        var kind = scope.Kind is ScopeKind.Partner ? ViewerKind.Partner : ViewerKind.Staff;
        return new(scope, new Viewer(person.Id, person.Name, kind, person.Company ?? "", scope.Permissions, zone), person.Language);
    }
}

/// <summary>Looks the asker up once per request, before any policy is asked.</summary>
public static class AskerMiddleware
{
    public static async Task UseAsync(HttpContext context, RequestDelegate next)
    {
        if (context.User.Identity is { IsAuthenticated: true } && context.User.FindFirstValue("iss") is { } issuer && context.User.FindFirstValue("sub") is { } subject)
        {
            context.Items[typeof(Askers)] = (issuer, subject);
            var asker = await context.RequestServices.GetRequiredService<Askers>().FindAsync(issuer, subject, context.RequestAborted);
            context.Items[typeof(Asker)] = asker;
            if (asker is not null) { await ViewingAs.EnterAsync(context, asker); }
        }
        await next(context);
    }
}

/// <summary>Tells the frame who looks.</summary>
public sealed class AskerViewers : IViewerSource
{
    public Viewer Of(HttpContext context) => Asker.Of(context)?.Viewer ?? Viewer.Anonymous;
}
