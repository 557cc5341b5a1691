using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

internal sealed class CompanyImport() : RecordTarget<Company>("company", Permissions.EditCompanies,
[
    new(ImportField.Text("code", 40, required: true), (c, v) => c.Code = (string)v!),
    new(ImportField.Text("name", 160, required: true), (c, v) => c.Name = (string)v!),
    new(ImportField.Text("legalName", 200), (c, v) => c.LegalName = (string?)v ?? ""),
    new(ImportField.SeveralWords<CompanyRole>("roles"), (c, v) => c.SetRoles(((string[]?)v ?? []).Select(Enum.Parse<CompanyRole>))),
    new(ImportField.Word<CompanyStatus>("status"), (c, v) => c.Status = Word(v, CompanyStatus.Active)),
    new(ImportField.Text("taxId", 40), (c, v) => c.TaxId = (string?)v),
    new(ImportField.Text("registrationId", 40), (c, v) => c.RegistrationId = (string?)v),
    new(ImportField.Text("webDomain", 300), (c, v) => c.WebDomain = (string?)v),
    new(ImportField.Text("industry", 80), (c, v) => c.Industry = (string?)v),
    new(ImportField.Word<CompanySize>("size"), (c, v) => c.Size = Word(v, CompanySize.Unknown)),
    new(ImportField.WholeNumber("employeeCount", 0, int.MaxValue), (c, v) => c.EmployeeCount = (int?)v),
    new(ImportField.Number("annualRevenue", 0), (c, v) => c.AnnualRevenue = (decimal?)v),
    new(ImportField.WholeNumber("foundedYear", 1000, 3000), (c, v) => c.FoundedYear = (int?)v),
    new(ImportField.Currency("currency"), (c, v) => c.Currency = (string?)v ?? "EUR"),
    new(ImportField.Country("country"), (c, v) => c.Country = (string?)v),
    new(ImportField.Text("city", 80), (c, v) => c.City = (string?)v),
    new(ImportField.Text("phone", 40), (c, v) => c.Phone = (string?)v),
    new(ImportField.Text("email", 254), (c, v) => c.Email = (string?)v),
    new(ImportField.Text("region", 40), (c, v) => c.Region = (string?)v),
    new(ImportField.Reference("territory", "territory"), (c, v) => c.TerritoryId = (long?)v),
    new(ImportField.Word<PartnerTier>("tier"), (c, v) => c.Tier = Word(v, PartnerTier.None)),
    new(ImportField.Reference("owner", "person"), (c, v) => c.OwnerId = (long?)v),
    new(ImportField.Reference("parent", "company"), (c, v) => c.ParentId = (long?)v),
    new(ImportField.Reference("partner", "company"), (c, v) => c.PartnerId = (long?)v),
    new(ImportField.Text("internalNotes", 4000), (c, v) => c.InternalNotes = (string?)v),
])
{
    public override IReadOnlyList<string> LookupFields => ["code", "name"];
    public override IReadOnlyList<string> UniqueFields => ["code"];

    public override string Normalize(string field, string value) => field == "code" ? value.Trim().ToUpperInvariant() : value.Trim();

    protected override IQueryable<Found> Named(PortalDbContext db, string field) => field == "code"
        ? db.Companies.Select(c => new Found { Value = c.Code, Id = c.Id })
        : db.Companies.Select(c => new Found { Value = c.Name, Id = c.Id });

    private sealed class Known
    {
        public Dictionary<long, CompanyInRoles> Companies { get; } = [];
        public Dictionary<long, Owner> People { get; } = [];
        public Ancestry Groups { get; } = CompanyPointers.Groups();
    }

    protected override async Task PrepareAsync(ImportBatch batch, CancellationToken ct)
    {
        var known = (Known)(batch.Run.State ??= new Known());
        await batch.LookUpCompaniesAsync(known.Companies, [PlaceOf("partner")], ct);
        await batch.LookUpOwnersAsync(known.People, [PlaceOf("owner")], ct);
        await batch.LookUpTreesAsync(known.Groups, PlaceOf("parent"), [], ct);
    }

    protected override Company Make(ImportBatch batch, ImportItem item) =>
        new() { Id = item.Id, Code = (string)item[PlaceOf("code")]!, Name = (string)item[PlaceOf("name")]!, CreatedAt = batch.Db.Now };

    protected override Refusal? Check(ImportBatch batch, Company record)
    {
        var (db, known) = (batch.Db, (Known)batch.Run.State!);
        if (db.FirstOf(record.Broken(db.Today.Year), record) is { } refusal) { return refusal; }
        var moved = db.IsChanged(record, nameof(Company.ParentId));
        if (moved && CompanyPointers.CheckParent(record, known.Groups) is { } misplaced) { return misplaced; }
        if (record.PartnerId is { } partner && db.IsChanged(record, nameof(Company.PartnerId)) && CompanyPointers.CheckPartner(record, known.Companies.GetValueOrDefault(partner)) is { } registered) { return registered; }
        if (record.OwnerId is { } owner && db.IsChanged(record, nameof(Company.OwnerId)) && known.People.GetValueOrDefault(owner) is not { Active: true }) { return CompanyRefusals.OwnerUnknown; }
        if (moved) { known.Groups.Put(new() { Id = record.Id, Above = record.ParentId }); }
        // A row further down may name it as its partner.
        if (known.Companies.ContainsKey(record.Id)) { known.Companies[record.Id] = CompanyInRoles.Of(record); }
        return null;
    }

    protected override object? Foresee(Company record) => CompanyInRoles.Of(record);
}

internal sealed class SiteImport() : RecordTarget<Site>("site", Permissions.EditCompanies,
[
    new(ImportField.Reference("company", "company", required: true)),
    new(ImportField.Text("name", 160, required: true), (s, v) => s.Name = (string)v!),
    new(ImportField.Word<SiteKind>("kind"), (s, v) => s.Kind = Word(v, SiteKind.HeadOffice)),
    new(ImportField.Text("line1", 200), (s, v) => s.Line1 = (string?)v ?? ""),
    new(ImportField.Text("line2", 200), (s, v) => s.Line2 = (string?)v),
    new(ImportField.Text("city", 80), (s, v) => s.City = (string?)v ?? ""),
    new(ImportField.Text("state", 80), (s, v) => s.State = (string?)v),
    new(ImportField.Text("postalCode", 20), (s, v) => s.PostalCode = (string?)v),
    new(ImportField.Country("country"), (s, v) => s.Country = (string?)v),
    new(ImportField.Text("phone", 40), (s, v) => s.Phone = (string?)v),
])
{
    public override IReadOnlyList<string> KeyFields => ["company", "name"];

    private const int CompanyPlace = 0;

    protected override Site Make(ImportBatch batch, ImportItem item) =>
        new() { Id = item.Id, CompanyId = (long)item[CompanyPlace]!, Name = (string)item[PlaceOf("name")]! };

    protected override Refusal? Check(ImportBatch batch, Site record) => batch.Db.FirstOf(record.Broken(), record);

    protected override Refusal? Set(ImportBatch batch, ImportItem item, Site record) => item[CompanyPlace] is long company && company != record.CompanyId
        ? ImportRefusals.CannotChange with { Field = "company" }
        : base.Set(batch, item, record);
}

internal sealed class ContactImport() : RecordTarget<Contact>("contact", Permissions.EditCompanies,
[
    new(ImportField.Reference("company", "company", required: true), (c, v) => c.CompanyId = (long)v!),
    new(ImportField.Text("salutation", 20), (c, v) => c.Salutation = (string?)v),
    new(ImportField.Text("firstName", 80), (c, v) => c.FirstName = (string?)v ?? ""),
    new(ImportField.Text("lastName", 80, required: true), (c, v) => c.LastName = (string)v!),
    new(ImportField.Text("jobTitle", 120), (c, v) => c.JobTitle = (string?)v),
    new(ImportField.Text("department", 80), (c, v) => c.Department = (string?)v),
    new(ImportField.Reference("manager", "contact"), (c, v) => c.ManagerId = (long?)v),
    new(ImportField.Text("email", 254), (c, v) => c.Email = (string?)v),
    new(ImportField.Text("phone", 40), (c, v) => c.Phone = (string?)v),
    new(ImportField.Text("mobile", 40), (c, v) => c.Mobile = (string?)v),
    new(ImportField.Text("language", 12), (c, v) => c.Language = (string?)v),
    new(ImportField.Word<Consent>("consent"), (c, v) => c.Consent = Word(v, Consent.Unknown)),
    new(new("consentAt", ImportFieldType.Instant), (c, v) => c.ConsentAt = (DateTimeOffset?)v),
    new(ImportField.Flag("active"), (c, v) => c.Active = (bool?)v ?? true),
    new(ImportField.Text("notes", 4000), (c, v) => c.Notes = (string?)v),
])
{
    public override IReadOnlyList<string> LookupFields => ["email"];
    public override IReadOnlyList<string> KeyFields => ["company", "firstName", "lastName", "email"];

    protected override IQueryable<Found> Named(PortalDbContext db, string field) =>
        db.Contacts.Where(c => c.Email != null).Select(c => new Found { Value = c.Email!, Id = c.Id });

    protected override Task PrepareAsync(ImportBatch batch, CancellationToken ct)
    {
        var place = PlaceOf("manager");
        // A profile that fills no manager leaves the stored one, who may stand in the company that the contact moves to.
        var managers = batch.Run.IsMapped(place) ? batch.Items.Select(i => i[place]).OfType<long>() : batch.Db.ChangeTracker.Entries<Contact>().Select(c => c.Entity.ManagerId).OfType<long>();
        return batch.LookUpTreesAsync((Ancestry)(batch.Run.State ??= CompanyPointers.Charts()), place, managers, ct);
    }

    protected override Refusal? Check(ImportBatch batch, Contact record)
    {
        var (db, charts) = (batch.Db, (Ancestry)batch.Run.State!);
        if (db.FirstOf(record.Broken(db.Now), record) is { } refusal) { return refusal; }
        if (!db.IsChanged(record, nameof(Contact.ManagerId)) && !db.IsChanged(record, nameof(Contact.CompanyId))) { return null; }
        if (CompanyPointers.CheckManager(record, charts) is { } misplaced) { return misplaced; }
        charts.Put(Node(record));
        return null;
    }

    protected override object? Foresee(Contact record) => Node(record);

    private static TreeNode Node(Contact contact) => new() { Id = contact.Id, Above = contact.ManagerId, Tree = contact.CompanyId };

    protected override Contact Make(ImportBatch batch, ImportItem item) => new() { Id = item.Id, CompanyId = (long)item[PlaceOf("company")]!, FirstName = "", LastName = (string)item[PlaceOf("lastName")]! };
}

internal sealed class TerritoryImport() : RecordTarget<Territory>("territory", Permissions.ManageAccess,
[
    new(ImportField.Text("code", Territory.CodeLength, required: true), (t, v) => t.Code = (string)v!),
    new(ImportField.Text("name", Territory.NameLength, required: true), (t, v) => t.Name = (string)v!),
    new(ImportField.Text("region", Territory.RegionLength), (t, v) => t.Region = (string?)v),
    new(ImportField.Reference("parent", "territory"), (t, v) => t.ParentId = (long?)v),
])
{
    public override IReadOnlyList<string> LookupFields => ["code", "name"];
    public override IReadOnlyList<string> UniqueFields => ["code"];

    protected override IQueryable<Found> Named(PortalDbContext db, string field) => field == "code"
        ? db.Territories.Select(t => new Found { Value = t.Code, Id = t.Id })
        : db.Territories.Select(t => new Found { Value = t.Name, Id = t.Id });

    protected override Task PrepareAsync(ImportBatch batch, CancellationToken ct) =>
        batch.LookUpTreesAsync((Ancestry)(batch.Run.State ??= CompanyPointers.Territories()), PlaceOf("parent"), [], ct);

    protected override Refusal? Check(ImportBatch batch, Territory record) =>
        batch.ClosesCircle((Ancestry)batch.Run.State!, record, nameof(Territory.ParentId), record.ParentId) ? CompanyRefusals.TerritoryCircle : null;

    protected override Territory Make(ImportBatch batch, ImportItem item) => new() { Id = item.Id, Code = (string)item[PlaceOf("code")]!, Name = (string)item[PlaceOf("name")]! };
}
