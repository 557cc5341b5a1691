using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>Changes a person: functions, team, territories, and whether the person may come in at all. New people: <see cref="AddPerson"/>.</summary>
public sealed class EditPerson(PortalDbContext db)
{
    public sealed record Request(
        string Name, string? JobTitle, string? Phone, long? TeamId, string Language, string TimeZone, bool Active, IReadOnlyCollection<string> Functions, IReadOnlyCollection<long> Territories);

    /// <param name="person">With functions and territories, from a scoped query.</param>
    /// <returns>Null once saved, or the first thing that is wrong. Nobody takes the administration or the access away from themselves.</returns>
    public async Task<Refusal?> ExecuteAsync(Person person, Request request, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(request.Name)) { return new Refusal("person.name-missing", Field: nameof(Request.Name)); }
        if (!AddPerson.Languages.Contains(request.Language)) { return new Refusal("person.language-unknown", Field: nameof(Request.Language), Values: [request.Language]); }
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(request.TimeZone, out _)) { return new Refusal("person.time-zone-unknown", Field: nameof(Request.TimeZone), Values: [request.TimeZone]); }
        if (request.Functions.Count == 0) { return AddPerson.NoFunction; }
        if (person.Id == db.Scope.PersonId && (!request.Active || !request.Functions.Contains(Access.Functions.Administrator))) { return new Refusal("person.not-yourself", Field: nameof(Request.Functions)); }
        if (person.Assign(request.Functions) is { } refusal) { return refusal; }
        (person.Name, person.JobTitle, person.Phone, person.TeamId) = (request.Name, request.JobTitle, request.Phone, request.TeamId);
        (person.Language, person.TimeZone, person.Active) = (request.Language, request.TimeZone, request.Active);
        person.Territories.RemoveAll(t => !request.Territories.Contains(t.TerritoryId));
        foreach (var territory in request.Territories.Where(t => person.Territories.All(x => x.TerritoryId != t)).Distinct().ToArray())
        {
            person.Territories.Add(new PersonTerritory { PersonId = person.Id, TerritoryId = territory });
        }
        await db.SaveChangesAsync(ct);
        return null;
    }
}
