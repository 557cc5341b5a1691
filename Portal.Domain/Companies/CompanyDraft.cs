using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

/// <summary>What staff fill in of a company: a form, an API call.</summary>
public sealed record CompanyDraft(string Name)
{
    public const int ShortestTaxId = 4, LongestTaxId = 40, EarliestFounding = 1000;

    /// <summary>A chain of parents longer than this is a mistake, not a group of companies.</summary>
    internal const int DeepestGroup = 30;

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

    /// <summary>Writes the draft into the company, or says why not. What a draft leaves as it was is not asked again: an imported tax number may stay as it is.</summary>
    internal async Task<Refusal?> ApplyAsync(PortalDbContext db, Company company, CancellationToken ct)
    {
        var code = string.IsNullOrWhiteSpace(Code) ? company.Code.Length > 0 ? company.Code : Numbers.For("C", company.Id) : Code.Trim().ToUpperInvariant();
        if (CheckAlone(company, code, db.Today.Year) is { } refusal) { return refusal; }
        if (code != company.Code && await db.Companies.AnyAsync(c => c.Code == code && c.Id != company.Id, ct)) { return CompanyRefusals.CodeTaken(code); }
        if (await CheckPointersAsync(db, company, ct) is { } pointer) { return pointer; }

        company.Code = code;
        company.Name = Name;
        company.LegalName = LegalName ?? "";
        company.SetRoles(Roles);
        (company.Status, company.Tier, company.Size) = (Status, Tier, Size);
        (company.TaxId, company.RegistrationId) = (Words.OrNull(TaxId), Words.OrNull(RegistrationId));
        company.WebDomain = Words.OrNull(Addresses.Domain(WebDomain));
        company.Industry = Words.OrNull(Industry);
        (company.EmployeeCount, company.FoundedYear) = (EmployeeCount, FoundedYear);
        company.AnnualRevenue = AnnualRevenue is { } revenue ? Math.Round(revenue, MidpointRounding.AwayFromZero) : null;
        (company.Currency, company.Country) = (Currency, Words.OrNull(Country));
        (company.City, company.Phone, company.Email, company.Region) = (Words.OrNull(City), Words.OrNull(Phone), Words.OrNull(Email), Words.OrNull(Region));
        (company.TerritoryId, company.OwnerId, company.ParentId, company.PartnerId) = (TerritoryId, OwnerId, ParentId, PartnerId);
        company.InternalNotes = Words.OrNull(InternalNotes);
        return null;
    }

    private Refusal? CheckAlone(Company company, string code, int thisYear)
    {
        if (string.IsNullOrWhiteSpace(Name)) { return CompanyRefusals.NameMissing; }
        if (Roles.Count == 0) { return CompanyRefusals.RoleMissing; }
        if (Words.TooLong(
            (nameof(Name), Name, 160), (nameof(LegalName), LegalName, 200), (nameof(Code), code, 40), (nameof(RegistrationId), RegistrationId, 40), (nameof(Industry), Industry, 80),
            (nameof(City), City, 80), (nameof(Phone), Phone, 40), (nameof(Region), Region, 40), (nameof(InternalNotes), InternalNotes, 4000)) is { } tooLong) { return tooLong; }
        if (code != company.Code && !code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-')) { return CompanyRefusals.CodeMalformed; }
        if (Words.OrNull(TaxId) is { } tax && tax != company.TaxId && (tax.Length is < ShortestTaxId or > LongestTaxId || !tax.Any(char.IsAsciiDigit) || tax.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not (' ' or '-' or '.' or '/'))))
        {
            return CompanyRefusals.TaxIdMalformed;
        }
        if (Addresses.Domain(WebDomain) is { Length: > 0 } domain && domain != company.WebDomain && !Addresses.IsDomain(domain)) { return CompanyRefusals.DomainMalformed; }
        if (Words.OrNull(Email) is { } email && email != company.Email && !Addresses.IsEmail(email)) { return CompanyRefusals.EmailMalformed; }
        if (!CurrencyCodes.IsKnown(Currency) && (company.Version == 0 || Currency != company.Currency)) { return CompanyRefusals.CurrencyUnknown; }
        if (Words.OrNull(Country) is { } country && country != company.Country && !CountryCodes.IsKnown(country)) { return CompanyRefusals.CountryUnknown; }
        if (EmployeeCount is < 0 or > 50_000_000) { return CompanyRefusals.EmployeesOutOfRange; }
        if (AnnualRevenue is { } revenue && (revenue < 0 || revenue > Money.Largest)) { return CompanyRefusals.RevenueOutOfRange; }
        return FoundedYear is { } year && (year < EarliestFounding || year > thisYear) ? CompanyRefusals.FoundedOutOfRange(thisYear) : null;
    }

    private async Task<Refusal?> CheckPointersAsync(PortalDbContext db, Company company, CancellationToken ct)
    {
        if (ParentId is { } parent && parent != company.ParentId && await CheckParentAsync(db, company.Id, parent, ct) is { } refusal) { return refusal; }
        if (PartnerId is { } partner && partner != company.PartnerId)
        {
            if (partner == company.Id) { return CompanyRefusals.PartnerIsItself; }
            if (!await db.Companies.Partners().AnyAsync(c => c.Id == partner, ct)) { return CompanyRefusals.PartnerUnknown; }
        }
        if (OwnerId is { } owner && owner != company.OwnerId && !await db.People.ActiveStaff().AnyAsync(p => p.Id == owner, ct)) { return CompanyRefusals.OwnerUnknown; }
        if (TerritoryId is { } territory && territory != company.TerritoryId && !await db.Territories.AnyAsync(t => t.Id == territory, ct)) { return CompanyRefusals.TerritoryUnknown; }
        return null;
    }

    private static async Task<Refusal?> CheckParentAsync(PortalDbContext db, long id, long parent, CancellationToken ct)
    {
        if (parent == id) { return CompanyRefusals.ParentIsItself; }
        long? above = parent;
        for (var depth = 0; above is { } at; depth++)
        {
            if (at == id || depth == DeepestGroup) { return CompanyRefusals.ParentCircle; }
            var found = await db.Companies.Where(c => c.Id == at).Select(c => new { c.ParentId }).FirstOrDefaultAsync(ct);
            if (found is null) { return depth == 0 ? CompanyRefusals.ParentUnknown : null; }
            above = found.ParentId;
        }
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
