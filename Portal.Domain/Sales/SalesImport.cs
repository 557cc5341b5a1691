using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

internal sealed class StageImport() : RecordTarget<SalesStage>("stage", Permissions.ManageAccess,
[
    new(ImportField.Text("code", SalesStage.CodeLength, required: true)),
    new(ImportField.Text("name", SalesStage.NameLength, required: true), (s, v) => s.Name = (string)v!),
    new(ImportField.Text("nameZh", SalesStage.NameLength), (s, v) => s.NameZh = (string?)v ?? ""),
    new(ImportField.WholeNumber("position", 0, SalesStage.LastPosition, required: true), (s, v) => s.Position = (int)v!),
    new(ImportField.WholeNumber("probability", 0, 100, required: true), (s, v) => s.Probability = (int)v!),
    new(ImportField.Word<StageKind>("outcome", required: true)),
])
{
    public override IReadOnlyList<string> LookupFields => ["code", "name"];
    public override IReadOnlyList<string> UniqueFields => ["code"];

    protected override IQueryable<Found> Named(PortalDbContext db, string field) => field == "code"
        ? db.Stages.Select(s => new Found { Value = s.Code, Id = s.Id })
        : db.Stages.Select(s => new Found { Value = s.Name, Id = s.Id });

    protected override IQueryable<Found>? NamedInChinese(PortalDbContext db, string field) =>
        field == "name" ? db.Stages.Where(s => s.NameZh != "").Select(s => new Found { Value = s.NameZh, Id = s.Id }) : null;

    protected override SalesStage Make(ImportBatch batch, ImportItem item) => new()
    {
        Id = item.Id, Code = (string)item[PlaceOf("code")]!, Name = (string)item[PlaceOf("name")]!,
        Position = (int)item[PlaceOf("position")]!, Probability = (int)item[PlaceOf("probability")]!, Kind = Word(item[PlaceOf("outcome")], StageKind.Open),
    };

    protected override object? Foresee(SalesStage record) => record;
}

internal sealed class OpportunityImport() : RecordTarget<Opportunity>("opportunity", Permissions.EditOpportunities,
[
    new(ImportField.Text("number", 40)),
    new(ImportField.Text("title", 200, required: true), (o, v) => o.Title = (string)v!),
    new(ImportField.Reference("customer", "company"), (o, v) => o.CustomerId = (long?)v),
    new(ImportField.Reference("owner", "person"), (o, v) => o.OwnerId = (long?)v),
    new(ImportField.Reference("partner", "company"), (o, v) => o.PartnerId = (long?)v),
    new(ImportField.Reference("territory", "territory"), (o, v) => o.TerritoryId = (long?)v),
    new(ImportField.Reference("stage", "stage", required: true)),
    new(ImportField.Reference("firstStage", "stage")),
    new(new("stageSince", ImportFieldType.Instant)),
    new(ImportField.WholeNumber("probability", 0, 100)),
    new(ImportField.Number("amount", 0) with { Most = Opportunity.LargestAmount }, (o, v) => o.Amount = (decimal?)v ?? 0),
    new(ImportField.Currency("currency"), (o, v) => o.Currency = (string?)v ?? "EUR"),
    new(ImportField.Date("openedOn")),
    new(ImportField.Date("closeDate"), (o, v) => o.CloseDate = (DateOnly?)v),
    new(ImportField.Text("source", 60), (o, v) => o.Source = (string?)v),
    new(ImportField.Reference("competitor", "company"), (o, v) => o.CompetitorId = (long?)v),
    new(ImportField.Text("nextStep", 200), (o, v) => o.NextStep = (string?)v),
    new(ImportField.Date("nextStepOn"), (o, v) => o.NextStepOn = (DateOnly?)v),
    new(ImportField.Text("outcomeReason", Opportunity.LongestReason)),
    new(ImportField.Text("description", 4000), (o, v) => o.Description = (string?)v),
    new(ImportField.Text("internalNotes", 4000), (o, v) => o.InternalNotes = (string?)v),
    new(ImportField.Reference("product", "product")),
    new(ImportField.Number("quantity", OpportunityLine.LeastQuantity) with { Most = OpportunityLine.LargestQuantity }),
    new(ImportField.Number("unitPrice", 0) with { Most = Opportunity.LargestAmount }),
])
{
    public override IReadOnlyList<string> LookupFields => ["number"];
    public override IReadOnlyList<string> UniqueFields => ["number"];
    public override IReadOnlyList<string> OtherKeyFields => ["customer", "title"];

    protected override IQueryable<Found> Named(PortalDbContext db, string field) =>
        db.Opportunities.Select(o => new Found { Value = o.Number, Id = o.Id });

    protected override IQueryable<Opportunity> Load(PortalDbContext db) => db.Opportunities.Include(o => o.Lines);

    private sealed class Names
    {
        public Dictionary<long, SalesStage> Stages { get; } = [];
        public Dictionary<long, CompanyInRoles> Companies { get; } = [];
        public Dictionary<long, Owner> People { get; } = [];
        /// <summary>Opportunities whose line was changed.</summary>
        public HashSet<long> Repriced { get; } = [];
    }

    protected override async Task PrepareAsync(ImportBatch batch, CancellationToken ct)
    {
        var names = (Names)(batch.Run.State ??= new Names());
        if (batch.Items.Any(i => !names.Stages.ContainsKey((long)i[PlaceOf("stage")]!) || (i[PlaceOf("firstStage")] is long first && !names.Stages.ContainsKey(first))))
        {
            foreach (var stage in await batch.Db.Stages.AsNoTracking().ToListAsync(ct)) { names.Stages[stage.Id] = stage; }
            foreach (var stage in batch.Foreseen.Values.OfType<SalesStage>()) { names.Stages[stage.Id] = stage; }
        }
        await batch.LookUpCompaniesAsync(names.Companies, [PlaceOf("customer"), PlaceOf("partner"), PlaceOf("competitor")], ct);
        await batch.LookUpOwnersAsync(names.People, [PlaceOf("owner")], ct);
    }

    protected override Opportunity Make(ImportBatch batch, ImportItem item) => new()
    {
        Id = item.Id, Number = (string?)item[PlaceOf("number")] ?? Numbers.For("OP", item.Id), Title = (string)item[PlaceOf("title")]!, StageId = (long)item[PlaceOf("stage")]!,
        OpenedOn = (DateOnly?)item[PlaceOf("openedOn")] ?? batch.Db.Today,
    };

    protected override Refusal? Set(ImportBatch batch, ImportItem item, Opportunity record)
    {
        if (!item.IsNew && item[PlaceOf("number")] is string number && number != record.Number) { return ImportRefusals.CannotChange with { Field = "number" }; }
        if (CheckLine(batch, item) is { } tooMuch) { return tooMuch; }
        var names = (Names)batch.Run.State!;
        var (companies, ownerBefore) = (OpportunityCompanies.Of(record), record.OwnerId);
        if (base.Set(batch, item, record) is { } refusal) { return refusal; }
        if (OpportunityCompanies.Of(record).Check(companies, names.Companies) is { } role) { return role; }
        record.CustomerName = record.CustomerId is not { } customer ? "" : names.Companies.TryGetValue(customer, out var known) ? known.Name : record.CustomerName;
        EnterStages(batch, item, record, names);
        // As where it is made by hand: what nobody is named for is one's own.
        if (item.IsNew && record.OwnerId is null && batch.Db.Scope is { IsSystem: false } scope) { (record.OwnerId, record.OwnerName) = (scope.PersonId, scope.PersonName); }
        else if (SetOwnerName(record, ownerBefore, names.People) is { } left) { return left; }
        if (batch.Run.IsMapped(PlaceOf("probability")) && item[PlaceOf("probability")] is int probability) { record.Probability = probability; }
        if (SetLine(batch, item, record)) { names.Repriced.Add(record.Id); }
        // As wherever an opportunity is saved: the amount counts where there are no lines.
        if (record.Lines.Count > 0) { record.Amount = record.Lines.Sum(l => l.LineTotal); }
        return null;
    }

    /// <summary>As on the pages, but for what is won or lost: history names people who have left since.</summary>
    private static Refusal? SetOwnerName(Opportunity record, long? before, Dictionary<long, Owner> people)
    {
        var owner = record.OwnerId is { } id ? people.GetValueOrDefault(id) : null;
        if (record.OwnerId is not null && record.OwnerId != before && (owner is null || (!owner.Active && record.Outcome is StageKind.Open))) { return SalesRefusals.OwnerUnknown; }
        record.OwnerName = record.OwnerId is null ? "" : owner?.Name ?? record.OwnerName;
        return null;
    }

    /// <summary>History as far as the source tells it: the first stage on the day it was opened, the present one since its date.</summary>
    private void EnterStages(ImportBatch batch, ImportItem item, Opportunity record, Names names)
    {
        var db = batch.Db;
        var stage = names.Stages[(long)item[PlaceOf("stage")]!];
        var since = (DateTimeOffset?)item[PlaceOf("stageSince")] ?? db.Now;
        var reason = (string?)item[PlaceOf("outcomeReason")];
        if (item.IsNew)
        {
            var opened = new DateTimeOffset(record.OpenedOn.ToDateTime(default), TimeSpan.Zero);
            if (item[PlaceOf("firstStage")] is long first && first != stage.Id && opened <= since) { record.Enter(names.Stages[first], null, opened, db.Scope.PersonId, db.Ids.Next()); }
            record.Enter(stage, reason, since, db.Scope.PersonId, db.Ids.Next());
        }
        else if (record.StageId != stage.Id) { record.Enter(stage, reason, since, db.Scope.PersonId, db.Ids.Next()); }
        else if (record.Outcome is not StageKind.Open && !string.IsNullOrWhiteSpace(reason)) { record.OutcomeReason = reason.Trim(); }
    }

    /// <summary>Quantity and price may each be in range and their product not.</summary>
    private Refusal? CheckLine(ImportBatch batch, ImportItem item)
    {
        if (!batch.Run.IsMapped(PlaceOf("product")) || item[PlaceOf("product")] is null) { return null; }
        var quantity = (decimal?)item[PlaceOf("quantity")] ?? 1;
        if (quantity <= 1 || item[PlaceOf("unitPrice")] is not decimal each || each <= Opportunity.LargestAmount / quantity) { return null; }
        return new Refusal(ImportRefusals.OutOfRange, Field: "unitPrice", Values: [0m, decimal.Round(Opportunity.LargestAmount / quantity, 4, MidpointRounding.ToZero)]);
    }

    /// <summary>A source that tells of one product per opportunity: its line, known by the product.</summary>
    private bool SetLine(ImportBatch batch, ImportItem item, Opportunity record)
    {
        var (product, quantity, price) = (PlaceOf("product"), PlaceOf("quantity"), PlaceOf("unitPrice"));
        if (!batch.Run.IsMapped(product)) { return false; }
        var wanted = (long?)item[product];
        var changed = record.Lines.RemoveAll(l => l.ProductId != wanted) > 0;
        if (wanted is not { } id) { return changed; }
        var (amount, each) = ((decimal?)item[quantity] ?? 1, (decimal?)item[price] ?? 0);
        if (record.Lines.FirstOrDefault() is not { } line) { record.Lines.Add(OpportunityLine.Of(batch.Db.Ids.Next(), record.Id, id, amount, each)); }
        else if (line.Quantity != amount || line.UnitPrice != each) { line.Price(amount, each); }
        else { return changed; }
        return true;
    }

    protected override bool IsChanged(ImportBatch batch, Opportunity record) => base.IsChanged(batch, record) || ((Names)batch.Run.State!).Repriced.Contains(record.Id);
}
