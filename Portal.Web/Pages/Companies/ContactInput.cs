using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Web.Pages.Companies;

/// <summary>The form of a contact, for creating and changing alike.</summary>
public sealed class ContactInput
{
    public long Version { get; set; }
    [Display(Name = "contact.first-name"), StringLength(80)] public string? FirstName { get; set; }
    [Display(Name = "contact.last-name"), Required, StringLength(80)] public string LastName { get; set; } = "";
    [Display(Name = "contact.salutation"), StringLength(20)] public string? Salutation { get; set; }
    [Display(Name = "contact.job-title"), StringLength(120)] public string? JobTitle { get; set; }
    [Display(Name = "contact.department"), StringLength(80)] public string? Department { get; set; }
    [Display(Name = "contact.manager")] public long? ManagerId { get; set; }
    [Display(Name = "contact.email"), StringLength(254)] public string? Email { get; set; }
    [Display(Name = "contact.phone"), StringLength(40)] public string? Phone { get; set; }
    [Display(Name = "contact.mobile"), StringLength(40)] public string? Mobile { get; set; }
    [Display(Name = "contact.language"), StringLength(12)] public string? Language { get; set; }
    [Display(Name = "contact.consent")] public Consent Consent { get; set; }
    [Display(Name = "contact.consent-at")] public DateTimeOffset? ConsentAt { get; set; }
    [Display(Name = "contact.active")] public bool Active { get; set; } = true;
    [Display(Name = "contact.notes"), StringLength(4000)] public string? Notes { get; set; }

    public static ContactInput Of(Contact c) => new()
    {
        Version = c.Version, FirstName = c.FirstName, LastName = c.LastName, Salutation = c.Salutation, JobTitle = c.JobTitle, Department = c.Department, ManagerId = c.ManagerId, Email = c.Email,
        Phone = c.Phone, Mobile = c.Mobile, Language = c.Language, Consent = c.Consent, ConsentAt = c.ConsentAt, Active = c.Active, Notes = c.Notes,
    };

    public ContactDraft ToDraft() => new(FirstName ?? "", LastName)
    {
        Salutation = Salutation, JobTitle = JobTitle, Department = Department, ManagerId = ManagerId, Email = Email, Phone = Phone, Mobile = Mobile, Language = Language, Consent = Consent,
        ConsentAt = ConsentAt, Active = Active, Notes = Notes,
    };
}

/// <summary>What the fields of a contact offer to choose from.</summary>
public sealed record ContactFields(ContactInput Input, IReadOnlyList<SelectListItem> Managers)
{
    private static readonly string[] Usual = ["en", "zh-Hans", "cs", "da", "de", "el", "es", "fi", "fr", "hu", "it", "ja", "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi"];

    /// <summary>Languages by their own names.</summary>
    public IEnumerable<SelectListItem> Languages =>
        (Input.Language is { } own && !Usual.Contains(own) ? [own, .. Usual] : Usual).Select(code => new SelectListItem(LanguageName(code), code));

    /// <returns>The language by its own name; the stored word where it is no code, as imported ones may be.</returns>
    public static string LanguageName(string code)
    {
        try
        {
            return CultureInfo.GetCultureInfo(code).NativeName;
        }
        catch (CultureNotFoundException)
        {
            return code;
        }
    }

    /// <summary>Colleagues who may stand above the contact; who would close a circle is refused when saving.</summary>
    public static async Task<IReadOnlyList<SelectListItem>> ManagersAsync(PortalDbContext db, long companyId, long? contactId, CancellationToken ct) =>
        [.. (await db.ChartOfCompanyAsync(companyId, ct)).Where(c => c.Id != contactId)
            .Select(c => new SelectListItem(c.JobTitle is null ? c.FullName : $"{c.FullName} · {c.JobTitle}", c.Id.ToString(CultureInfo.InvariantCulture)))];
}
