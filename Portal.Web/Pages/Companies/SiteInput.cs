using System.ComponentModel.DataAnnotations;
using Portal.Domain.Companies;

namespace Portal.Web.Pages.Companies;

/// <summary>The form of a company's place, for creating and changing alike.</summary>
public sealed class SiteInput
{
    public long Version { get; set; }
    [Display(Name = "site.name"), Required, StringLength(160)] public string Name { get; set; } = "";
    [Display(Name = "site.kind")] public SiteKind Kind { get; set; }
    [Display(Name = "site.line1"), StringLength(200)] public string? Line1 { get; set; }
    [Display(Name = "site.line2"), StringLength(200)] public string? Line2 { get; set; }
    [Display(Name = "site.postal-code"), StringLength(20)] public string? PostalCode { get; set; }
    [Display(Name = "site.city"), StringLength(80)] public string? City { get; set; }
    [Display(Name = "site.state"), StringLength(80)] public string? State { get; set; }
    [Display(Name = "site.country")] public string? Country { get; set; }
    [Display(Name = "site.phone"), StringLength(40)] public string? Phone { get; set; }

    public static SiteInput Of(Site s) => new()
    {
        Version = s.Version, Name = s.Name, Kind = s.Kind, Line1 = s.Line1, Line2 = s.Line2, PostalCode = s.PostalCode, City = s.City, State = s.State, Country = s.Country, Phone = s.Phone,
    };

    public SiteDraft ToDraft() => new(Name) { Kind = Kind, Line1 = Line1, Line2 = Line2, PostalCode = PostalCode, City = City, State = State, Country = Country, Phone = Phone };
}

/// <summary>The form as both pages show it.</summary>
public sealed record SiteFields(SiteInput Input);
