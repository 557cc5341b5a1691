using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>
/// Begins and ends a look at the portal as a partner's person sees it. Only people of partner companies can be looked at: colleagues, whose rights may be wider, and
/// oneself are no such people.
/// </summary>
public sealed class ViewAsPerson(PortalDbContext db)
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(30);
    public const int LongestReason = 400;

    /// <param name="reason">Read by the partner's administrator.</param>
    /// <returns>The view, saved; or why not. A person who is none of a partner, inactive, or of a closed company is not found. What the viewer had open ends.</returns>
    public async Task<Result<SupportView>> ExecuteAsync(long personId, string reason, CancellationToken ct)
    {
        if (!db.Scope.May(Permissions.ViewAs)) { return NotFound; }
        var person = await Viewable(db).Where(p => p.Id == personId).Select(p => new { p.Id, p.Name, Company = p.CompanyId!.Value }).FirstOrDefaultAsync(ct);
        if (person is null) { return NotFound; }
        if (string.IsNullOrWhiteSpace(reason)) { return new Refusal("view-as.reason-missing", Field: "Reason"); }
        if (reason.Trim().Length > LongestReason) { return new Refusal("view-as.reason-too-long", Field: "Reason", Values: [LongestReason]); }
        await EndOpenAsync(db, db.Scope.PersonId, ct);
        var view = new SupportView
        {
            Id = db.Ids.Next(), ViewerId = db.Scope.PersonId, ViewerName = db.Scope.PersonName, PersonId = person.Id, PersonName = person.Name, CompanyId = person.Company, Reason = reason.Trim(),
            StartedAt = db.Now, Until = db.Now + Lasts,
        };
        db.Add(view);
        await db.SaveChangesAsync(ct);
        return view;
    }

    /// <summary>Ends whatever the asker has open.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        await EndOpenAsync(db, db.Scope.PersonId, ct);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The session that showed it ended at this moment: ends whatever the viewer had open then, not what began since.</summary>
    public async Task EndOfSessionAsync(long viewer, DateTimeOffset at, CancellationToken ct)
    {
        foreach (var open in await db.SupportViews.Where(v => v.ViewerId == viewer && v.EndedAt == null && v.StartedAt <= at && v.Until > at).ToListAsync(ct)) { open.End(at); }
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Whom one may look at the portal as.</summary>
    public static IQueryable<Person> Viewable(PortalDbContext db) =>
        db.People.Where(p => p.Active && p.CompanyId != null && db.Companies.Any(c => c.Id == p.CompanyId && c.Status != CompanyStatus.Closed));

    private static readonly Refusal NotFound = new("record.not-found", RefusalKind.NotFound);

    /// <summary>Without saving.</summary>
    internal static async Task EndOpenAsync(PortalDbContext db, long viewer, CancellationToken ct)
    {
        foreach (var open in await db.SupportViews.Where(v => v.ViewerId == viewer && v.EndedAt == null && v.Until > db.Now).ToListAsync(ct)) { open.End(db.Now); }
    }
}
