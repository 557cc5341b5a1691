using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>Changes a person: functions, team, territories, and whether the person may come in at all. New people: <see cref="AddPerson"/>.</summary>
public sealed class EditPerson(PortalDbContext db)
{
    public sealed record Request(
        string Name, string? JobTitle, string? Phone, long? TeamId, string Language, string TimeZone, bool Active, IReadOnlyCollection<string> Functions, IReadOnlyCollection<long> Territories);

    /// <summary>What everybody chooses for themselves: the language of the portal and of mails, and the time zone in which times are shown.</summary>
    public async Task<Refusal?> ChooseLanguageAsync(string language, string timeZone, CancellationToken ct)
    {
        var self = await db.People.FirstAsync(p => p.Id == db.Scope.PersonId, ct);
        if (AddPerson.RefuseLanguage(language, timeZone) is { } refusal) { return refusal; }
        (self.Language, self.TimeZone) = (language, timeZone);
        await db.SaveChangesAsync(ct);
        return null;
    }

    /// <param name="person">With functions and territories, from a scoped query.</param>
    /// <returns>Null once saved, or the first thing that is wrong. Nobody takes the administration or the access away from themselves.</returns>
    public async Task<Refusal?> ExecuteAsync(Person person, Request request, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(request.Name)) { return new Refusal("person.name-missing", Field: nameof(Request.Name)); }
        var own = person.IsStaff ? Access.Functions.Administrator : Access.Functions.PartnerAdmin;
        if (person.Id == db.Scope.PersonId && (!request.Active || !request.Functions.Contains(own))) { return new Refusal("person.not-yourself", Field: nameof(Request.Functions)); }
        var company = person.CompanyId is { } id ? await db.Companies.AsNoTracking().FirstAsync(c => c.Id == id, ct) : null;
        (person.Name, person.JobTitle, person.Phone, person.TeamId) = (request.Name, request.JobTitle, request.Phone, request.TeamId);
        (person.Language, person.TimeZone, person.Active) = (request.Language, request.TimeZone, request.Active);
        if (AddPerson.Assign(person, company, request.Functions) is { } refusal)
        {
            db.ChangeTracker.Clear();
            return refusal;
        }
        person.Territories.RemoveAll(t => !request.Territories.Contains(t.TerritoryId));
        foreach (var territory in request.Territories.Where(t => person.Territories.All(x => x.TerritoryId != t)).Distinct().ToArray())
        {
            person.Territories.Add(new PersonTerritory { PersonId = person.Id, TerritoryId = territory });
        }
        if (person.IsStaff && !(request.Active && request.Functions.Any(name => Access.Functions.All[name].Permissions.Contains(Permissions.ViewAs)))) { await ViewAsPerson.EndOpenAsync(db, person.Id, ct); }
        await db.SaveChangesAsync(ct);
        return null;
    }
}
