using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

/// <summary>What staff fill in of a company: a form, an API call.</summary>
public sealed record CompanyDraft(string Name)
{
    /// <summary>Null on creation: one is made.</summary>
    public string? Code { get; init; }
    public string? LegalName { get; init; }
    public IReadOnlyCollection<CompanyRole> Roles { get; init; } = [];
    public CompanyStatus Status { get; init; } = CompanyStatus.Active;
    public PartnerTier Tier { get; init; }
    public string? TaxId { get; init; }
    public string? RegistrationId { get; init; }
    /// <summary>A whole web address is cut to its domain.</summary>
    public string? WebDomain { get; init; }
    public string? Industry { get; init; }
    public CompanySize Size { get; init; }
    public int? EmployeeCount { get; init; }
    /// <summary>In <see cref="Currency"/>, whole units.</summary>
    public decimal? AnnualRevenue { get; init; }
    public int? FoundedYear { get; init; }
    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "EUR";
    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }
    public string? City { get; init; }
    public string? Phone { get; init; }
    public string? Email { get; init; }
    public string? Region { get; init; }
    public long? TerritoryId { get; init; }
    public long? OwnerId { get; init; }
    public long? ParentId { get; init; }
    public long? PartnerId { get; init; }
    public string? InternalNotes { get; init; }

    /// <summary>Writes the draft into the company and says what is wrong with it. What a draft leaves as it was is not asked again: an imported tax number may stay as it is.</summary>
    internal async Task<Refusal?> ApplyAsync(PortalDbContext db, Company company, CancellationToken ct)
    {
        var code = string.IsNullOrWhiteSpace(Code) ? company.Code.Length > 0 ? company.Code : Numbers.For("C", company.Id) : Code.Trim().ToUpperInvariant();
        if (string.IsNullOrWhiteSpace(Name)) { return CompanyRefusals.NameMissing; }
        if (Roles.Count == 0) { return CompanyRefusals.RoleMissing; }
        if (Words.TooLong(
            (nameof(Name), Name, 160), (nameof(LegalName), LegalName, 200), (nameof(Code), code, 40), (nameof(RegistrationId), RegistrationId, 40), (nameof(Industry), Industry, 80),
            (nameof(City), City, 80), (nameof(Phone), Phone, 40), (nameof(Region), Region, 40), (nameof(InternalNotes), InternalNotes, 4000)) is { } tooLong) { return tooLong; }

        company.Code = code;
        company.Name = Name;
        company.LegalName = LegalName ?? "";
        company.SetRoles(Roles);
        (company.Status, company.Tier, company.Size) = (Status, Tier, Size);
        (company.TaxId, company.RegistrationId) = (Words.OrNull(TaxId), Words.OrNull(RegistrationId));
        company.WebDomain = WebDomain;
        company.Industry = Words.OrNull(Industry);
        (company.EmployeeCount, company.FoundedYear) = (EmployeeCount, FoundedYear);
        company.AnnualRevenue = AnnualRevenue is { } revenue ? Math.Round(revenue, MidpointRounding.AwayFromZero) : null;
        (company.Currency, company.Country) = (Currency, Words.OrNull(Country));
        (company.City, company.Phone, company.Email, company.Region) = (Words.OrNull(City), Words.OrNull(Phone), Words.OrNull(Email), Words.OrNull(Region));
        (company.TerritoryId, company.OwnerId, company.ParentId, company.PartnerId) = (TerritoryId, OwnerId, ParentId, PartnerId);
        company.InternalNotes = Words.OrNull(InternalNotes);

        if (db.FirstOf(company.Broken(db.Today.Year), company) is { } refusal) { return refusal; }
        if (db.IsChanged(company, nameof(Code)) && await db.Companies.AnyAsync(c => c.Code == code && c.Id != company.Id, ct)) { return CompanyRefusals.CodeTaken(code); }
        return await CheckPointersAsync(db, company, ct);
    }

    private static async Task<Refusal?> CheckPointersAsync(PortalDbContext db, Company company, CancellationToken ct)
    {
        if (company.ParentId is { } parent && db.IsChanged(company, nameof(ParentId)))
        {
            var groups = CompanyPointers.Groups();
            await groups.LoadAsync(db, [parent], wayUp: true, ct);
            if (groups.Find(parent) is null) { return CompanyRefusals.ParentUnknown; }
            if (CompanyPointers.CheckParent(company, groups) is { } refusal) { return refusal; }
        }
        if (company.PartnerId is { } partner && db.IsChanged(company, nameof(PartnerId))
            && CompanyPointers.CheckPartner(company, await db.Companies.Where(c => c.Id == partner).InRoles().FirstOrDefaultAsync(ct)) is { } registered) { return registered; }
        if (company.OwnerId is { } owner && db.IsChanged(company, nameof(OwnerId)) && !await db.People.ActiveStaff().AnyAsync(p => p.Id == owner, ct)) { return CompanyRefusals.OwnerUnknown; }
        if (company.TerritoryId is { } territory && db.IsChanged(company, nameof(TerritoryId)) && !await db.Territories.AnyAsync(t => t.Id == territory, ct)) { return CompanyRefusals.TerritoryUnknown; }
        return null;
    }
}

/// <summary>What free words of a draft have in common.</summary>
internal static class Words
{
    public static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    public static Refusal? TooLong(params ReadOnlySpan<(string Field, string? Text, int Most)> texts)
    {
        foreach (var (field, text, most) in texts)
        {
            if (text?.Trim().Length > most) { return CompanyRefusals.TooLong(field, most); }
        }
        return null;
    }
}
