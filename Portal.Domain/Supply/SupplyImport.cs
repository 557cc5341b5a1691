using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;

namespace Portal.Domain.Supply;

internal sealed class SupplierItemImport() : RecordTarget<SupplierItem>("supplier-item", Permissions.EditProducts,
[
    new(ImportField.Reference("supplier", "company", required: true)),
    new(ImportField.Reference("product", "product", required: true)),
    new(ImportField.Text("supplierCode", SupplierItem.SupplierCodeLength), (i, v) => i.SupplierCode = (string?)v),
    new(ImportField.WholeNumber("leadTimeDays", 0, SupplierItem.LongestLeadTimeDays), (i, v) => i.LeadTimeDays = (int?)v ?? 0),
    new(ImportField.Number("minimumQuantity", 0), (i, v) => i.MinimumQuantity = (decimal?)v ?? 0),
    new(ImportField.Number("multipleQuantity", 0), (i, v) => i.MultipleQuantity = (decimal?)v ?? 0),
    new(ImportField.Number("standardPrice", 0), (i, v) => i.StandardPrice = (decimal?)v ?? 0),
    new(ImportField.Currency("currency"), (i, v) => i.Currency = (string?)v ?? "EUR"),
    new(ImportField.Flag("preferred"), (i, v) => i.Preferred = (bool?)v ?? false),
    new(ImportField.Flag("active"), (i, v) => i.Active = (bool?)v ?? true),
])
{
    private const int SupplierPlace = 0;
    private const int ProductPlace = 1;

    public override IReadOnlyList<string> KeyFields => ["supplier", "product"];
    public override bool OnePerPlace => true;

    /// <summary>A supplier has one item for a product.</summary>
    public override string? StandsAt(ImportItem item) => item[SupplierPlace] is long supplier && item[ProductPlace] is long product ? Place(supplier, product) : null;

    public override async Task<IReadOnlyList<(string Place, long Id)>> StandingAsync(PortalDbContext db, IReadOnlyList<ImportItem> items, CancellationToken ct)
    {
        var (suppliers, products) = (Ids(SupplierPlace), Ids(ProductPlace));
        return [.. (await db.SupplierItems.Where(i => EF.Parameter(suppliers).Contains(i.SupplierId) && EF.Parameter(products).Contains(i.ProductId))
            .Select(i => new { i.SupplierId, i.ProductId, i.Id }).ToListAsync(ct)).Select(i => (Place(i.SupplierId, i.ProductId), i.Id))];

        long[] Ids(int place) => [.. items.Select(i => (long)i[place]!).Distinct()];
    }

    private static string Place(long supplier, long product) => $"{supplier} {product}";

    private sealed class Known
    {
        public Dictionary<long, CompanyInRoles> Companies { get; } = [];
        /// <summary>By product, the item that the last row preferred.</summary>
        public Dictionary<long, SupplierItem> Chosen { get; } = [];
    }

    protected override async Task PrepareAsync(ImportBatch batch, CancellationToken ct)
    {
        var known = (Known)(batch.Run.State ??= new Known());
        known.Chosen.Clear();
        await batch.LookUpCompaniesAsync(known.Companies, [SupplierPlace], ct);
        // Only then it is known which rows stay, and nobody else prefers another meanwhile.
        batch.BeforeSave = () => known.Chosen.Count == 0 ? Task.CompletedTask : SaveSupplierItem.ReleaseOthersAsync(batch.Db, known.Chosen.Values, ct);
    }

    protected override SupplierItem Make(ImportBatch batch, ImportItem item) => new() { Id = item.Id, SupplierId = (long)item[SupplierPlace]!, ProductId = (long)item[ProductPlace]! };

    protected override Refusal? Set(ImportBatch batch, ImportItem item, SupplierItem record)
    {
        if (item[SupplierPlace] is long supplier && supplier != record.SupplierId) { return ImportRefusals.CannotChange with { Field = "supplier" }; }
        if (item[ProductPlace] is long product && product != record.ProductId) { return ImportRefusals.CannotChange with { Field = "product" }; }
        var known = (Known)batch.Run.State!;
        if (item.IsNew && known.Companies.GetValueOrDefault(record.SupplierId) is not { IsSupplier: true }) { return SupplyRefusals.SupplierUnknown; }
        if (base.Set(batch, item, record) is { } refusal) { return refusal; }
        if (record.Preferred)
        {
            if (known.Chosen.TryGetValue(record.ProductId, out var earlier)) { earlier.Preferred = false; }
            known.Chosen[record.ProductId] = record;
        }
        return null;
    }

    private static readonly string[] s_terms = [nameof(SupplierItem.MinimumQuantity), nameof(SupplierItem.MultipleQuantity), nameof(SupplierItem.Preferred), nameof(SupplierItem.Active)];

    protected override Refusal? Check(ImportBatch batch, SupplierItem record) =>
        Array.Exists(s_terms, term => batch.Db.IsChanged(record, term)) ? SupplierItem.CheckTerms(record.MinimumQuantity, record.MultipleQuantity, record.Preferred, record.Active) : null;
}

/// <summary>
/// Figures belong to batches and are never edited: a figure that has changed is taken out and put in again under its id, and a batch that anything
/// changed in counts one delivery more.
/// </summary>
internal sealed class DemandImport : IImportTarget
{
    private const int Batch = 0, Reporter = 1, Product = 2, Company = 3, SitePlace = 4, Period = 5, Granularity = 6, Source = 7, Quantity = 8;

    public string Kind => "demand";
    public string Permission => Permissions.EditDemand;
    public IReadOnlyList<string> LookupFields => [];
    public IReadOnlyList<string> UniqueFields => [];
    public IReadOnlyList<string> KeyFields => ["batch", "reporter", "product", "company", "site", "period", "granularity", "source"];

    public IReadOnlyList<ImportField> Fields { get; } =
    [
        ImportField.Text("batch", DemandBatch.OriginLength, required: true),
        ImportField.Reference("reporter", "company"),
        ImportField.Reference("product", "product", required: true),
        ImportField.Reference("company", "company"),
        ImportField.Text("site", DemandSignal.SiteLength),
        ImportField.Date("period", required: true),
        ImportField.Word<DemandPeriod>("granularity"),
        ImportField.Word<DemandSource>("source", required: true) with { Words = [.. Enum.GetNames<DemandSource>().Where(s => s != nameof(DemandSource.Pipeline))] },
        ImportField.Number("quantity", required: true),
    ];

    public string Normalize(string field, string value) => value;

    public Task<IReadOnlyList<(string Value, long Id)>> FindAsync(PortalDbContext db, string field, string[] values, CancellationToken ct) =>
        throw new ArgumentOutOfRangeException(nameof(field), field, "No such look-up.");

    public async Task<IReadOnlySet<long>> SeenAsync(PortalDbContext db, long[] ids, CancellationToken ct) =>
        (await db.DemandSignals.Where(s => EF.Parameter(ids).Contains(s.Id)).Select(s => s.Id).ToListAsync(ct)).ToHashSet();

    public Func<PortalDbContext, long[], CancellationToken, Task<int>> Remove => RemoveAsync;

    private static async Task<int> RemoveAsync(PortalDbContext db, long[] ids, CancellationToken ct)
    {
        var counts = await db.DemandSignals.Where(s => EF.Parameter(ids).Contains(s.Id)).GroupBy(s => s.BatchId).Select(g => new { BatchId = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.BatchId, g => g.Count, ct);
        var batches = counts.Keys.ToArray();
        foreach (var batch in await db.DemandBatches.AsTracking().Where(b => EF.Parameter(batches).Contains(b.Id)).ToListAsync(ct))
        {
            batch.SignalCount -= counts[batch.Id];
            batch.ReceivedAt = db.Now;
        }
        var removed = await db.DemandSignals.Where(s => EF.Parameter(ids).Contains(s.Id)).ExecuteDeleteAsync(ct);
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
        return removed;
    }

    public async Task ApplyAsync(ImportBatch batch, CancellationToken ct)
    {
        var db = batch.Db;
        var there = batch.Items.Where(i => !i.IsNew).Select(i => i.Id).ToArray();
        var seen = there.Length == 0 ? new HashSet<long>() : await SeenAsync(db, there, ct);
        var gone = new List<long>();
        var batches = new Dictionary<(DemandSource, string), DemandBatch>();
        foreach (var item in batch.Items)
        {
            if (!item.IsNew)
            {
                if (!seen.Contains(item.Id)) { item.Refuse(ImportRefusals.OutOfSight); continue; }
                gone.Add(item.Id);
            }
            var granularity = item[Granularity] is string word ? Enum.Parse<DemandPeriod>(word) : DemandPeriod.Week;
            var source = Enum.Parse<DemandSource>((string)item[Source]!);
            var delivery = await BatchOfAsync(batch, batches, source, (string)item[Batch]!, (long?)item[Reporter], ct);
            if (item.IsNew) { delivery.SignalCount++; }
            db.AddInBulk(new DemandSignal
            {
                Id = item.Id,
                BatchId = delivery.Id,
                ProductId = (long)item[Product]!,
                CompanyId = (long?)item[Company],
                Site = (string?)item[SitePlace] ?? "",
                Period = Periods.Of((DateOnly)item[Period]!, granularity),
                Granularity = granularity,
                Source = source,
                Quantity = (decimal)item[Quantity]!,
            });
            item.Done(item.IsNew ? ImportOutcome.Created : ImportOutcome.Updated);
        }
        if (gone.Count > 0) { batch.BeforeSave = () => db.DemandSignals.Where(s => EF.Parameter(gone).Contains(s.Id)).ExecuteDeleteAsync(ct); }
    }

    /// <summary>The batch, made where it is new, and counted one delivery up the first time this run touches it.</summary>
    private static async Task<DemandBatch> BatchOfAsync(ImportBatch batch, Dictionary<(DemandSource, string), DemandBatch> loaded, DemandSource source, string origin, long? reporter, CancellationToken ct)
    {
        if (loaded.TryGetValue((source, origin), out var held)) { return held; }
        var touched = (HashSet<(DemandSource, string)>)(batch.Run.State ??= new HashSet<(DemandSource, string)>());
        var record = await batch.Db.DemandBatches.AsTracking().FirstOrDefaultAsync(b => b.Source == source && b.Origin == origin, ct);
        if (record is null) { batch.Db.Add(record = new DemandBatch { Id = batch.Db.Ids.Next(), Source = source, Origin = origin, ReporterId = reporter }); }
        else if (touched.Add((source, origin))) { record.Delivery++; }
        touched.Add((source, origin));
        record.ReceivedAt = batch.Db.Now;
        return loaded[(source, origin)] = record;
    }
}
