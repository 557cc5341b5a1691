using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>Somebody new who may work here.</summary>
/// <param name="CompanyCode">The partner company; null for staff.</param>
/// <param name="Name">Empty: what stands before the @.</param>
public sealed record NewPerson(string Email, IReadOnlyCollection<string> Functions, string? CompanyCode = null, string? Name = null, string Language = "en", string TimeZone = "Etc/UTC");

/// <summary>Takes a person in, for staff or a partner company.</summary>
public static class AddPerson
{
    public static readonly IReadOnlyList<string> Languages = ["en", "zh-Hans"];

    public static readonly Refusal NoFunction = new("person.no-function", Field: nameof(NewPerson.Functions));

    /// <returns>The person, added to the context and not saved, or a refusal that names the input.</returns>
    public static async Task<Result<Person>> AddAsync(PortalDbContext db, NewPerson said, CancellationToken ct)
    {
        var email = said.Email.Trim().ToLowerInvariant();
        if (email.Length > 254 || !MailAddress.TryCreate(email, out var address) || address.Address != email) { return new Refusal("person.email-invalid", Field: nameof(said.Email), Values: [said.Email]); }
        if (await db.People.AnyAsync(p => p.Email == email, ct)) { return new Refusal("person.email-taken", RefusalKind.Conflict, nameof(said.Email), email); }

        Company? company = null;
        if (said.CompanyCode is { } written)
        {
            var code = written.Trim().ToUpperInvariant();
            company = await db.Companies.AsNoTracking().FirstOrDefaultAsync(c => c.Code == code, ct);
            if (company is null) { return new Refusal("person.company-unknown", Field: nameof(said.CompanyCode), Values: [code]); }
            if (company is { IsSupplier: false, IsDistributor: false, IsChannelPartner: false }) { return new Refusal("person.company-no-partner", Field: nameof(said.CompanyCode), Values: [code]); }
            if (company.Status is CompanyStatus.Closed) { return new Refusal("person.company-closed", Field: nameof(said.CompanyCode), Values: [code]); }
        }
        var person = new Person
        {
            Id = db.Ids.Next(), Email = email, Name = string.IsNullOrWhiteSpace(said.Name) ? address.User : said.Name, CompanyId = company?.Id, Language = said.Language, TimeZone = said.TimeZone,
        };
        if (Assign(person, company, said.Functions) is { } refusal) { return refusal; }
        db.Add(person);
        return person;
    }

    /// <summary>What holds for everybody, new or known: language, time zone, and functions that the person's side and company can have.</summary>
    /// <param name="company">Null for staff.</param>
    /// <returns>Null once the functions are the person's, or the first thing that is wrong.</returns>
    internal static Refusal? Assign(Person person, Company? company, IReadOnlyCollection<string> functions)
    {
        if (RefuseLanguage(person.Language, person.TimeZone) is { } unknown) { return unknown; }
        if (functions.Count == 0) { return NoFunction; }
        if (person.Assign(functions) is { } refusal) { return refusal; }
        return company is not null && functions.FirstOrDefault(f => !Fits(f, company)) is { } foreign ? new Refusal("person.function-not-for-company", Field: nameof(Person.Functions), Values: [foreign, company.Code]) : null;
    }

    internal static Refusal? RefuseLanguage(string language, string timeZone) =>
        !Languages.Contains(language) ? new("person.language-unknown", Field: nameof(Person.Language), Values: [language])
        : !TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _) ? new("person.time-zone-unknown", Field: nameof(Person.TimeZone), Values: [timeZone])
        : null;

    /// <summary>Whether the company's kinds of partner allow the function.</summary>
    public static bool Fits(string function, Company company) => function switch
    {
        Functions.SupplierPerson => company.IsSupplier,
        Functions.DistributorPerson => company.IsDistributor,
        Functions.ResellerPerson => company.IsChannelPartner,
        _ => true,
    };
}
