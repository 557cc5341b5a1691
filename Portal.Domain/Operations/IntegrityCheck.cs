using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Operations;

/// <summary>Something that is not as it should be.</summary>
/// <param name="Code">area.fact, lower case with hyphens.</param>
/// <param name="IsFault">False for what only needs attention.</param>
public sealed record Finding(string Code, string Text, bool IsFault = true);

/// <summary>Whether the records hold together: what the database itself cannot enforce.</summary>
public static class IntegrityCheck
{
    /// <summary>How early the end of a rule is told.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    /// <param name="db">Of a system scope, over a database of the current schema.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(PortalDbContext db, CancellationToken ct)
    {
        var findings = new List<Finding>();
        foreach (var problem in await db.Engine.ProblemsAsync(db, ct)) { findings.Add(new("database.damaged", problem)); }
        if (await db.Engine.MissingWallAsync(db, ct) is { } wall) { findings.Add(new("database.second-wall", wall, IsFault: false)); }
        await CheckSearchAsync(db, findings, ct);
        await CheckAuditAsync(db, findings, ct);
        await CheckPointersAsync(db, findings, ct);
        await CheckRightsAsync(db, findings, ct);
        return findings;
    }

    private static async Task CheckSearchAsync(PortalDbContext db, List<Finding> findings, CancellationToken ct)
    {
        await MissingAsync("Company", db.Companies);
        await MissingAsync("Contact", db.Contacts);
        await MissingAsync("Product", db.Products);
        await MissingAsync("Opportunity", db.Opportunities);
        await MissingAsync("Document", db.Documents);
        Add(findings, "search.orphans", "{0} lines of the search index lead to no record", await db.Set<SearchEntry>().CountAsync(s =>
            !db.Companies.Any(r => r.Id == s.Id) && !db.Contacts.Any(r => r.Id == s.Id) && !db.Products.Any(r => r.Id == s.Id) && !db.Opportunities.Any(r => r.Id == s.Id) && !db.Documents.Any(r => r.Id == s.Id), ct));

        async Task MissingAsync<T>(string name, IQueryable<T> records) where T : Aggregate =>
            Add(findings, "search.missing", $"{{0}} records of {name} are not in the search index", await records.CountAsync(r => !db.Set<SearchEntry>().Any(s => s.Id == r.Id), ct));
    }

    private static async Task CheckAuditAsync(PortalDbContext db, List<Finding> findings, CancellationToken ct)
    {
        await UntoldAsync("Company", db.Companies);
        await UntoldAsync("Opportunity", db.Opportunities);
        await UntoldAsync("Person", db.People);
        await UntoldAsync("AccessGrant", db.Grants);
        await UntoldAsync("Share", db.Shares);

        async Task UntoldAsync<T>(string name, IQueryable<T> records) where T : Aggregate =>
            Add(findings, "audit.missing", $"{{0}} records of {name} have no line in the audit trail", await records.CountAsync(r => !db.Audit.Any(a => a.RecordId == r.Id), ct));
    }

    /// <summary>References across areas that are no foreign keys.</summary>
    private static async Task CheckPointersAsync(PortalDbContext db, List<Finding> findings, CancellationToken ct)
    {
        Add(findings, "share.orphans", "{0} shares are of a record that does not exist", await db.Shares.CountAsync(s =>
            (s.RecordClass == RecordClass.Company && !db.Companies.Any(r => r.Id == s.RecordId)) || (s.RecordClass == RecordClass.Product && !db.Products.Any(r => r.Id == s.RecordId))
            || (s.RecordClass == RecordClass.SupplierItem && !db.SupplierItems.Any(r => r.Id == s.RecordId)) || (s.RecordClass == RecordClass.Opportunity && !db.Opportunities.Any(r => r.Id == s.RecordId))
            || (s.RecordClass == RecordClass.DemandSignal && !db.DemandSignals.Any(r => r.Id == s.RecordId)) || (s.RecordClass == RecordClass.Document && !db.Documents.Any(r => r.Id == s.RecordId)), ct));
        Add(findings, "comment.orphans", "{0} comments are on a record that does not exist", await db.Comments.CountAsync(c =>
            (c.RecordClass == RecordClass.Opportunity && !db.Opportunities.Any(r => r.Id == c.RecordId)) || (c.RecordClass == RecordClass.Company && !db.Companies.Any(r => r.Id == c.RecordId)), ct));
        Add(findings, "document.version-missing", "{0} documents name a current version that they do not have", await db.Documents.CountAsync(d => d.CurrentVersionId != null && !db.DocumentVersions.Any(v => v.Id == d.CurrentVersionId && v.DocumentId == d.Id), ct));
    }

    private static async Task CheckRightsAsync(PortalDbContext db, List<Finding> findings, CancellationToken ct)
    {
        var (now, soon, never) = (db.Now, db.Now + Notice, db.Now.AddYears(100));
        Add(findings, "grant.endless", "{0} grants have no end", await db.Grants.CountAsync(g => g.Until > never, ct));
        Add(findings, "share.endless", "{0} shares to people outside have no end", await db.Shares.CountAsync(s => s.Until > never && !s.Key.StartsWith("team:") && !s.Key.StartsWith("territory:") && !s.Key.StartsWith("person:"), ct));
        Add(findings, "grant.ending", string.Create(CultureInfo.InvariantCulture, $"{{0}} grants end within {Notice.TotalDays:0} days"), await db.Grants.CountAsync(g => g.Until > now && g.Until < soon, ct), isFault: false);
        Add(findings, "person.no-function", "{0} active people have no function", await db.People.CountAsync(p => p.Active && !p.Functions.Any(), ct), isFault: false);
    }

    private static void Add(List<Finding> findings, string code, string text, int count, bool isFault = true)
    {
        if (count > 0) { findings.Add(new(code, string.Format(CultureInfo.InvariantCulture, text, count), isFault)); }
    }
}
