using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

/// <summary>What staff fill in of a company's place.</summary>
public sealed record SiteDraft(string Name)
{
    public SiteKind Kind { get; init; }
    public string? Line1 { get; init; }
    public string? Line2 { get; init; }
    public string? City { get; init; }
    public string? State { get; init; }
    public string? PostalCode { get; init; }
    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }
    public string? Phone { get; init; }

    internal Refusal? Apply(PortalDbContext db, Site site)
    {
        if (string.IsNullOrWhiteSpace(Name)) { return CompanyRefusals.SiteNameMissing; }
        if (Words.TooLong((nameof(Name), Name, 160), (nameof(Line1), Line1, 200), (nameof(Line2), Line2, 200), (nameof(City), City, 80), (nameof(State), State, 80),
            (nameof(PostalCode), PostalCode, 20), (nameof(Phone), Phone, 40)) is { } tooLong) { return tooLong; }
        (site.Name, site.Kind) = (Name, Kind);
        (site.Line1, site.Line2, site.City) = (Words.OrNull(Line1) ?? "", Words.OrNull(Line2), Words.OrNull(City) ?? "");
        (site.State, site.PostalCode, site.Country, site.Phone) = (Words.OrNull(State), Words.OrNull(PostalCode), Words.OrNull(Country), Words.OrNull(Phone));
        return db.FirstOf(site.Broken(), site);
    }
}

/// <summary>Adds a place to a company or changes one.</summary>
public sealed class SaveSite(PortalDbContext db)
{
    /// <param name="Id">Null: a new one of <paramref name="CompanyId"/>, which otherwise does not count.</param>
    public sealed record Request(long? Id, long Version, long CompanyId, SiteDraft Draft);

    /// <returns>The saved site, or one of <see cref="CompanyRefusals"/>.</returns>
    public async Task<Result<Site>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var site = request.Id is { } id
            ? await db.Sites.FirstOrDefaultAsync(s => s.Id == id, ct)
            : await db.Companies.AnyAsync(c => c.Id == request.CompanyId, ct) ? new Site { Id = db.Ids.Next(), CompanyId = request.CompanyId, Name = "" } : null;
        if (site is null) { return CompanyRefusals.NotFound; }
        if (request.Id is not null && site.Version != request.Version) { return CompanyRefusals.ChangedMeanwhile; }
        if (request.Draft.Apply(db, site) is { } refusal)
        {
            db.ChangeTracker.Clear();
            return refusal;
        }
        if (request.Id is null) { db.Add(site); }
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return CompanyRefusals.ChangedMeanwhile;
        }
        return site;
    }
}
