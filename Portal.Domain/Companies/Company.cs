using Portal.Domain.Common;

namespace Portal.Domain.Companies;

public enum CompanyRole { Customer, Supplier, Distributor, ChannelPartner, Competitor }
public enum CompanyStatus { Prospect, Active, Paused, Closed }
public enum PartnerTier { None, Registered, Silver, Gold, Platinum }
public enum CompanySize { Unknown, Micro, Small, Medium, Large }

/// <summary>A business that the house deals with, in any mix of roles.</summary>
public sealed class Company : Aggregate, ISearchable, IOnTimeline
{
    public const int ShortestTaxId = 4, LongestTaxId = 40, EarliestFounding = 1000, MostEmployees = 50_000_000;
    /// <summary>What codes of other systems have besides letters and digits.</summary>
    public const string SignsInCode = "-._/&#";

    /// <summary>Unique, quoted by people; capital letters, digits and the <see cref="SignsInCode"/>.</summary>
    public required string Code { get; set => field = value.Trim().ToUpperInvariant(); }
    public required string Name { get; set => field = value.Trim(); }
    public string LegalName { get; set => field = value.Trim(); } = "";
    public bool IsCustomer { get; set; }
    public bool IsSupplier { get; set; }
    public bool IsDistributor { get; set; }
    public bool IsChannelPartner { get; set; }
    public bool IsCompetitor { get; set; }
    public CompanyStatus Status { get; set; } = CompanyStatus.Active;
    public string? TaxId { get; set; }
    public string? RegistrationId { get; set; }
    /// <summary>A whole web address is cut to its domain.</summary>
    public string? WebDomain { get; set => field = Words.OrNull(Addresses.Domain(value)); }
    public string? Industry { get; set; }
    public CompanySize Size { get; set; }
    public int? EmployeeCount { get; set; }
    /// <summary>In <see cref="Currency"/>, whole units.</summary>
    public decimal? AnnualRevenue { get; set; }
    public int? FoundedYear { get; set; }
    /// <summary>ISO 4217; what the company is invoiced in.</summary>
    public string Currency { get; set; } = "EUR";
    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; set; }
    public string? City { get; set; }
    public string? Phone { get; set; }
    public string? Email { get; set; }
    /// <summary>The channel region, free words of the house; a share can be addressed to it.</summary>
    public string? Region { get; set; }
    public long? TerritoryId { get; set; }
    public PartnerTier Tier { get; set; }
    /// <summary>The staff person who looks after the company.</summary>
    public long? OwnerId { get; set; }
    public long? ParentId { get; set; }
    /// <summary>The channel partner or distributor that serves this customer.</summary>
    public long? PartnerId { get; set; }
    /// <summary>Staff only.</summary>
    public string? InternalNotes { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    public IEnumerable<CompanyRole> Roles
    {
        get
        {
            if (IsCustomer) { yield return CompanyRole.Customer; }
            if (IsSupplier) { yield return CompanyRole.Supplier; }
            if (IsDistributor) { yield return CompanyRole.Distributor; }
            if (IsChannelPartner) { yield return CompanyRole.ChannelPartner; }
            if (IsCompetitor) { yield return CompanyRole.Competitor; }
        }
    }

    public void SetRoles(IEnumerable<CompanyRole> roles)
    {
        var set = roles.ToHashSet();
        IsCustomer = set.Contains(CompanyRole.Customer);
        IsSupplier = set.Contains(CompanyRole.Supplier);
        IsDistributor = set.Contains(CompanyRole.Distributor);
        IsChannelPartner = set.Contains(CompanyRole.ChannelPartner);
        IsCompetitor = set.Contains(CompanyRole.Competitor);
    }

    /// <returns>Which of the rules that ask for nothing but the company itself it breaks.</returns>
    internal IEnumerable<Refusal> Broken(int thisYear)
    {
        if (!Code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || SignsInCode.Contains(c))) { yield return CompanyRefusals.CodeMalformed; }
        if (TaxId is { } tax && (tax.Length is < ShortestTaxId or > LongestTaxId || !tax.Any(char.IsAsciiDigit) || tax.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not (' ' or '-' or '.' or '/'))))
        {
            yield return CompanyRefusals.TaxIdMalformed;
        }
        if (WebDomain is { } domain && !Addresses.IsDomain(domain)) { yield return CompanyRefusals.DomainMalformed; }
        if (Email is { } email && !Addresses.IsEmail(email)) { yield return CompanyRefusals.EmailMalformed; }
        if (!CurrencyCodes.IsKnown(Currency)) { yield return CompanyRefusals.CurrencyUnknown; }
        if (Country is { } country && !CountryCodes.IsKnown(country)) { yield return CompanyRefusals.CountryUnknown; }
        if (EmployeeCount is < 0 or > MostEmployees) { yield return CompanyRefusals.EmployeesOutOfRange; }
        if (AnnualRevenue is { } revenue && (revenue < 0 || revenue > Money.Largest)) { yield return CompanyRefusals.RevenueOutOfRange; }
        if (FoundedYear < EarliestFounding || FoundedYear > thisYear) { yield return CompanyRefusals.FoundedOutOfRange(thisYear); }
    }

    string ISearchable.SearchText => string.Join(' ', Name, LegalName, Code, WebDomain, City, TaxId);
    long? IOnTimeline.TimelineCompanyId => Id;
    string IOnTimeline.TimelineTitle => Name;
}

public enum SiteKind { HeadOffice, Billing, Shipping, Plant, Warehouse, Branch }

/// <summary>A place of a company.</summary>
public sealed class Site : Aggregate
{
    public required long CompanyId { get; init; }
    public required string Name { get; set => field = value.Trim(); }
    public SiteKind Kind { get; set; }
    public string Line1 { get; set; } = "";
    public string? Line2 { get; set; }
    public string City { get; set; } = "";
    public string? State { get; set; }
    public string? PostalCode { get; set; }
    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; set; }
    public string? Phone { get; set; }

    /// <returns>Which of its rules the place breaks.</returns>
    internal IEnumerable<Refusal> Broken()
    {
        if (Country is { } country && !CountryCodes.IsKnown(country)) { yield return CompanyRefusals.CountryUnknown; }
    }
}

public enum Consent { Unknown, Given, Withdrawn }

/// <summary>A person at a company that the house deals with.</summary>
public sealed class Contact : Aggregate, ISearchable, IOnTimeline
{
    public required long CompanyId { get; set; }
    public string? Salutation { get; set; }
    public required string FirstName { get; set => field = value.Trim(); }
    public required string LastName { get; set => field = value.Trim(); }
    public string? JobTitle { get; set; }
    public string? Department { get; set; }
    /// <summary>The contact above in the same company: draws the organisation chart.</summary>
    public long? ManagerId { get; set; }
    public string? Email { get; set => field = value?.Trim(); }
    public string? Phone { get; set; }
    public string? Mobile { get; set; }
    public string? Language { get; set; }
    /// <summary>To be written to for marketing.</summary>
    public Consent Consent { get; set; }
    public DateTimeOffset? ConsentAt { get; set; }
    public bool Active { get; set; } = true;
    public string? Notes { get; set; }

    /// <returns>Which of the rules that ask for nothing but the contact itself it breaks.</returns>
    internal IEnumerable<Refusal> Broken(DateTimeOffset now)
    {
        if (Email is { Length: > 0 } email && !Addresses.IsEmail(email)) { yield return CompanyRefusals.EmailMalformed; }
        if (Language is { } language && !IsLanguage(language)) { yield return CompanyRefusals.LanguageUnknown; }
        if (ConsentAt > now) { yield return CompanyRefusals.ConsentInFuture; }
    }

    private static bool IsLanguage(string language) =>
        language.Length <= 12 && language.Split('-') is [{ Length: 2 or 3 } first, .. var more] && first.All(char.IsAsciiLetterLower) && more.All(part => part.Length is > 1 and <= 8 && part.All(char.IsAsciiLetterOrDigit));

    /// <summary>Family name first where the name is written in Chinese characters, without a space.</summary>
    public string FullName => PersonName.Full(FirstName, LastName);

    string ISearchable.SearchText => string.Join(' ', FullName, Email, JobTitle, Department);
    long? IOnTimeline.TimelineCompanyId => CompanyId;
    string IOnTimeline.TimelineTitle => FullName;
}

public static class PersonName
{
    /// <returns>Given and family name in the order of their script.</returns>
    public static string Full(string first, string last) =>
        last.Length > 0 && last[0] is >= '\u4e00' and <= '\u9fff' ? last + first : $"{first} {last}".Trim();
}

/// <summary>A sales territory; territories nest.</summary>
public sealed class Territory : Aggregate
{
    public const int CodeLength = 40;
    public const int NameLength = 120;
    public const int RegionLength = 40;

    public required string Code { get; set => field = value.Trim(); }
    public required string Name { get; set => field = value.Trim(); }
    public string? Region { get; set; }
    public long? ParentId { get; set; }
}
