using System.ComponentModel.DataAnnotations;
using Portal.Domain.Companies;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Companies;

/// <summary>The form of a company, for creating and changing alike. Rules that need more than the field itself are the draft's.</summary>
public sealed class CompanyInput
{
    public long Version { get; set; }
    [Display(Name = "company.name"), Required, StringLength(160)] public string Name { get; set; } = "";
    [Display(Name = "company.code"), StringLength(40)] public string? Code { get; set; }
    [Display(Name = "company.legal-name"), StringLength(200)] public string? LegalName { get; set; }
    [Display(Name = "company-role.customer")] public bool IsCustomer { get; set; }
    [Display(Name = "company-role.supplier")] public bool IsSupplier { get; set; }
    [Display(Name = "company-role.distributor")] public bool IsDistributor { get; set; }
    [Display(Name = "company-role.channel-partner")] public bool IsChannelPartner { get; set; }
    [Display(Name = "company-role.competitor")] public bool IsCompetitor { get; set; }
    [Display(Name = "company.status")] public CompanyStatus Status { get; set; } = CompanyStatus.Active;
    [Display(Name = "company.tier")] public PartnerTier Tier { get; set; }
    [Display(Name = "company.owner"), LookUp("person")] public long? OwnerId { get; set; }
    [Display(Name = "company.territory"), LookUp("territory")] public long? TerritoryId { get; set; }
    [Display(Name = "company.region"), StringLength(40)] public string? Region { get; set; }
    [Display(Name = "company.partner"), LookUp("company")] public long? PartnerId { get; set; }
    [Display(Name = "company.parent"), LookUp("company")] public long? ParentId { get; set; }
    [Display(Name = "company.industry"), StringLength(80)] public string? Industry { get; set; }
    [Display(Name = "company.size")] public CompanySize Size { get; set; }
    [Display(Name = "company.employee-count")] public int? EmployeeCount { get; set; }
    [Display(Name = "company.annual-revenue")] public decimal? AnnualRevenue { get; set; }
    [Display(Name = "company.currency"), Required] public string Currency { get; set; } = "EUR";
    [Display(Name = "company.founded-year")] public int? FoundedYear { get; set; }
    [Display(Name = "company.city"), StringLength(80)] public string? City { get; set; }
    [Display(Name = "company.country")] public string? Country { get; set; }
    [Display(Name = "company.phone"), StringLength(40)] public string? Phone { get; set; }
    [Display(Name = "company.email"), StringLength(254)] public string? Email { get; set; }
    [Display(Name = "company.web-domain"), StringLength(300)] public string? WebDomain { get; set; }
    [Display(Name = "company.tax-id"), StringLength(40)] public string? TaxId { get; set; }
    [Display(Name = "company.registration-id"), StringLength(40)] public string? RegistrationId { get; set; }
    [Display(Name = "company.internal-notes"), StringLength(4000)] public string? InternalNotes { get; set; }

    public static CompanyInput Of(Company c) => new()
    {
        Version = c.Version, Name = c.Name, Code = c.Code, LegalName = c.LegalName, IsCustomer = c.IsCustomer, IsSupplier = c.IsSupplier,
        IsDistributor = c.IsDistributor, IsChannelPartner = c.IsChannelPartner, IsCompetitor = c.IsCompetitor, Status = c.Status, Tier = c.Tier, OwnerId = c.OwnerId, TerritoryId = c.TerritoryId,
        Region = c.Region, PartnerId = c.PartnerId, ParentId = c.ParentId, Industry = c.Industry, Size = c.Size, EmployeeCount = c.EmployeeCount, AnnualRevenue = c.AnnualRevenue,
        Currency = c.Currency, FoundedYear = c.FoundedYear, City = c.City, Country = c.Country, Phone = c.Phone, Email = c.Email, WebDomain = c.WebDomain, TaxId = c.TaxId,
        RegistrationId = c.RegistrationId, InternalNotes = c.InternalNotes,
    };

    public CompanyDraft ToDraft() => new(Name)
    {
        Code = Code, LegalName = LegalName, Roles = [.. Roles()], Status = Status, Tier = Tier, OwnerId = OwnerId, TerritoryId = TerritoryId, Region = Region, PartnerId = PartnerId, ParentId = ParentId,
        Industry = Industry, Size = Size, EmployeeCount = EmployeeCount, AnnualRevenue = AnnualRevenue, Currency = Currency, FoundedYear = FoundedYear, City = City, Country = Country, Phone = Phone,
        Email = Email, WebDomain = WebDomain, TaxId = TaxId, RegistrationId = RegistrationId, InternalNotes = InternalNotes,
    };

    private IEnumerable<CompanyRole> Roles()
    {
        if (IsCustomer) { yield return CompanyRole.Customer; }
        if (IsSupplier) { yield return CompanyRole.Supplier; }
        if (IsDistributor) { yield return CompanyRole.Distributor; }
        if (IsChannelPartner) { yield return CompanyRole.ChannelPartner; }
        if (IsCompetitor) { yield return CompanyRole.Competitor; }
    }
}

/// <summary>What the fields of a company show besides their values.</summary>
/// <param name="Names">Of the records that look-up fields point at, by field.</param>
public sealed record CompanyFields(CompanyInput Input, IReadOnlyDictionary<string, string?> Names)
{
    public string? Name(string field) => Names.GetValueOrDefault(field);
}
