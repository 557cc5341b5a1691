using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;

namespace Portal.Web.Access;

/// <summary>
/// Functions by what another log-in provider says of a person, at each log-in and renewal. Settings: <c>Identity:Roles:Functions</c> (from a value of the claim to a
/// function), <c>Identity:Roles:Claim</c> (default <c>roles</c>; dots lead into objects), <c>Identity:Roles:CompanyClaim</c> (the code of a partner company; none: everybody is
/// staff), <c>Identity:Roles:Create</c> (whether unknown people get a record). Without the first nothing happens: functions are then given on the page of the person.
/// People are known by issuer and subject alone; an address that somebody has already is never taken over.
/// </summary>
internal sealed partial class RoleMapping(IConfiguration settings, IPortalDb portal, ILogger<RoleMapping> log)
{
    private readonly Dictionary<string, string> _functions = settings.GetSection("Identity:Roles:Functions").GetChildren().Where(pair => pair.Value is { Length: > 0 })
        .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.OrdinalIgnoreCase);

    private readonly string _claim = settings["Identity:Roles:Claim"] ?? "roles";
    private readonly string? _companyClaim = settings["Identity:Roles:CompanyClaim"];
    private readonly bool _create = settings.GetValue("Identity:Roles:Create", false);

    /// <param name="claims">Of the id token, and of userinfo where there is one.</param>
    public async Task ApplyAsync(string issuer, string subject, IReadOnlyList<JsonElement> claims, CancellationToken ct)
    {
        if (_functions.Count == 0 || issuer == Account.OwnIssuer) { return; }
        string[] functions = [.. claims.SelectMany(said => Values(said, _claim)).Select(role => _functions.GetValueOrDefault(role)).OfType<string>().Distinct()];
        // Nobody is logged in yet whose scope it could be.
        await using var db = portal.For(AccessScope.LogIn("take the roles of the log-in provider", issuer, subject, One(claims, "email") ?? ""), "sign-in");
        var person = await db.People.Include(p => p.Functions).Include(p => p.Territories).FirstOrDefaultAsync(p => p.Issuer == issuer && p.Subject == subject, ct);
        if (person is null)
        {
            if (!_create || functions.Length == 0) { return; }
            if (await AddAsync(db, issuer, subject, functions, claims, ct) is { } refused) { LogRefused(log, refused.Code, string.Join(' ', functions)); }
            return;
        }
        if (!person.Active || person.Functions.Select(f => f.Function).ToHashSet(StringComparer.Ordinal).SetEquals(functions)) { return; }
        if (functions.Length == 0)
        {
            person.Functions.Clear();
            await db.SaveChangesAsync(ct);
            return;
        }
        var refusal = await new EditPerson(db).ExecuteAsync(
            person, new(person.Name, person.JobTitle, person.Phone, person.TeamId, person.Language, person.TimeZone, person.Active, functions, [.. person.Territories.Select(t => t.TerritoryId)]), ct);
        if (refusal is not null) { LogRefused(log, refusal.Code, string.Join(' ', functions)); }
    }

    private async Task<Refusal?> AddAsync(PortalDbContext db, string issuer, string subject, string[] functions, IReadOnlyList<JsonElement> claims, CancellationToken ct)
    {
        var unverified = claims.Any(said => said.ValueKind == JsonValueKind.Object && said.TryGetProperty("email_verified", out var verified) && verified.ValueKind == JsonValueKind.False);
        if (unverified || One(claims, "email") is not { } email) { return new Refusal("person.email-invalid", Values: [""]); }
        var company = _companyClaim is { Length: > 0 } named ? One(claims, named) : null;
        var added = await AddPerson.AddAsync(db, new NewPerson(email, functions, company, One(claims, "name"), Ui.Language.Find(One(claims, "locale"))?.Name ?? "en", One(claims, "zoneinfo") is { } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : "Etc/UTC"), ct);
        if (added.Refusal is { } refusal) { return refusal; }
        added.Value.LinkAccount(issuer, subject);
        await db.SaveChangesAsync(ct);
        return null;
    }

    private static string? One(IReadOnlyList<JsonElement> claims, string name) => claims.SelectMany(said => Values(said, name)).FirstOrDefault();

    /// <summary>The texts of a claim: a text, or a list of them; by its whole name first, then by its parts.</summary>
    internal static IEnumerable<string> Values(JsonElement claims, string name)
    {
        if (claims.ValueKind != JsonValueKind.Object) { return []; }
        if (!claims.TryGetProperty(name, out var found))
        {
            found = claims;
            foreach (var part in name.Split('.'))
            {
                if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(part, out found)) { return []; }
            }
        }
        return found.ValueKind switch
        {
            JsonValueKind.String => [found.GetString()!],
            JsonValueKind.Array => found.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!),
            _ => [],
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The roles of somebody who logs in could not be taken ({Reason}): {Functions}")]
    private static partial void LogRefused(ILogger log, string reason, string functions);
}
