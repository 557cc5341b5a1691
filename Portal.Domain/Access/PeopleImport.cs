using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

internal sealed class TeamImport() : RecordTarget<Team>("team", Permissions.ManageAccess,
[
    new(ImportField.Text("name", Team.NameLength, required: true), (t, v) => t.Name = (string)v!),
    new(ImportField.Reference("leader", "person"), (t, v) => t.LeaderId = (long?)v),
])
{
    public override IReadOnlyList<string> LookupFields => ["name"];
    public override IReadOnlyList<string> UniqueFields => ["name"];

    protected override IQueryable<Found> Named(PortalDbContext db, string field) => db.Teams.Select(t => new Found { Value = t.Name, Id = t.Id });

    protected override Team Make(ImportBatch batch, ImportItem item) => new() { Id = item.Id, Name = (string)item[PlaceOf("name")]! };
}

/// <summary>Staff as records of who sells and looks after whom. An import makes no log-in: nobody can sign in as such a person until an account is linked.</summary>
internal sealed class PersonImport() : RecordTarget<Person>("person", Permissions.ManageAccess,
[
    new(ImportField.Text("name", 160, required: true), (p, v) => p.Name = (string)v!),
    new(ImportField.Text("email", 254, required: true), (p, v) => p.Email = (string)v!),
    new(ImportField.Text("jobTitle", 120), (p, v) => p.JobTitle = (string?)v),
    new(ImportField.Text("phone", 40), (p, v) => p.Phone = (string?)v),
    new(ImportField.Reference("manager", "person"), (p, v) => p.ManagerId = (long?)v),
    new(ImportField.Reference("team", "team"), (p, v) => p.TeamId = (long?)v),
    new(ImportField.Reference("territory", "territory")),
    new(new("function", ImportFieldType.Word) { Words = [.. Access.Functions.All.Values.Where(f => f.IsStaff && f.Name != Access.Functions.Administrator).Select(f => f.Name).Order(StringComparer.Ordinal)] }),
    new(ImportField.Flag("active"), (p, v) => p.Active = (bool?)v ?? true),
])
{
    public override IReadOnlyList<string> LookupFields => ["email", "name"];
    public override IReadOnlyList<string> UniqueFields => ["email"];

    public override string Normalize(string field, string value) => field == "email" ? value.Trim().ToLowerInvariant() : value.Trim();

    protected override IQueryable<Found> Named(PortalDbContext db, string field) => field == "email"
        ? db.People.Select(p => new Found { Value = p.Email, Id = p.Id })
        : db.People.Where(p => p.CompanyId == null).Select(p => new Found { Value = p.Name, Id = p.Id });

    protected override IQueryable<Person> Load(PortalDbContext db) => db.People.Where(p => p.CompanyId == null).Include(p => p.Functions).Include(p => p.Territories).AsSplitQuery();

    protected override Person Make(ImportBatch batch, ImportItem item) => new() { Id = item.Id, Name = (string)item[PlaceOf("name")]!, Email = (string)item[PlaceOf("email")]! };

    protected override Refusal? Set(ImportBatch batch, ImportItem item, Person record)
    {
        var (territory, function) = (PlaceOf("territory"), PlaceOf("function"));
        if (batch.Run.IsMapped(territory) && item[territory] is long id && record.Territories.All(t => t.TerritoryId != id))
        {
            record.Territories.Add(new PersonTerritory { PersonId = record.Id, TerritoryId = id });
        }
        if (batch.Run.IsMapped(function) && item[function] is string name && record.Functions.All(f => f.Function != name)
            && record.Assign([.. record.Functions.Select(f => f.Function), name]) is { } refusal)
        {
            return refusal with { Field = "function" };
        }
        return base.Set(batch, item, record);
    }

    protected override object? Foresee(Person record) => new Owner(record.Id, record.Name, record.Active);

    protected override bool IsChanged(ImportBatch batch, Person record) => base.IsChanged(batch, record)
        || record.Territories.Any(t => batch.Db.Entry(t).State is EntityState.Added) || record.Functions.Any(f => batch.Db.Entry(f).State is EntityState.Added);
}
