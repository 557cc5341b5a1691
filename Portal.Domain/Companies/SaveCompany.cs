using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

/// <summary>Creates a company or changes one.</summary>
public sealed class SaveCompany(PortalDbContext db)
{
    /// <param name="Id">Null: a new one.</param>
    /// <param name="Version">As it was read; a newer one on record is a conflict. Of no matter for a new one.</param>
    public sealed record Request(long? Id, long Version, CompanyDraft Draft);

    /// <returns>The saved company, or one of <see cref="CompanyRefusals"/>.</returns>
    public async Task<Result<Company>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var company = request.Id is { } id
            ? await db.Companies.FirstOrDefaultAsync(c => c.Id == id, ct)
            : new Company { Id = db.Ids.Next(), Code = "", Name = "", CreatedAt = db.Now };
        if (company is null) { return CompanyRefusals.NotFound; }
        if (request.Id is not null && company.Version != request.Version) { return CompanyRefusals.ChangedMeanwhile; }
        if (await request.Draft.ApplyAsync(db, company, ct) is { } refusal)
        {
            db.ChangeTracker.Clear();
            return refusal;
        }
        if (request.Id is null) { db.Add(company); }
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException race) when (race is DbUpdateConcurrencyException || db.Engine.IsUniqueViolation(race))
        {
            db.ChangeTracker.Clear();
            return race is DbUpdateConcurrencyException ? CompanyRefusals.ChangedMeanwhile : CompanyRefusals.CodeTaken(company.Code);
        }
        return company;
    }
}
