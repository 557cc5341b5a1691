using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Companies;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Testing.Hosting;

namespace Portal.Web.Tests.Access;

/// <summary>
/// Who may do and see what, said a second time and apart from the product: permissions from a table of functions, sight from columns and shares read as the
/// system. Where this and the product differ, one of them is wrong.
/// </summary>
public sealed class SightModel
{
    private const string Staff = "administrator sales sales-manager procurement channel-manager marketing service manager support";
    private const string Partners = "partner-admin supplier-person distributor-person reseller-person";

    private static readonly Dictionary<string, string[]> FunctionsOfPolicy = new Dictionary<string, string>
    {
        ["signed-in"] = $"{Staff} {Partners}",
        ["staff"] = Staff,
        ["partner"] = Partners,
        ["companies.view"] = Staff,
        ["companies.edit"] = "administrator sales sales-manager procurement channel-manager marketing service",
        ["products.view"] = Staff,
        ["products.edit"] = "administrator procurement",
        ["opportunities.view"] = "administrator sales sales-manager channel-manager manager",
        ["opportunities.edit"] = "administrator sales sales-manager channel-manager",
        ["records.share"] = "administrator sales sales-manager procurement channel-manager marketing",
        ["demand.view"] = "administrator sales-manager procurement channel-manager manager",
        ["demand.edit"] = "administrator procurement",
        ["documents.view"] = Staff,
        ["documents.edit"] = "administrator procurement channel-manager marketing",
        ["reports.run"] = $"{Staff} {Partners}",
        ["exchange.import"] = "administrator sales-manager procurement channel-manager",
        ["access.manage"] = "administrator",
        ["access.audit"] = "administrator manager",
        ["access.view-as"] = "support",
        ["partner.opportunities"] = "supplier-person distributor-person reseller-person",
        ["partner.demand"] = "supplier-person distributor-person",
        ["partner.documents"] = Partners,
        ["partner.products"] = "supplier-person distributor-person reseller-person",
        ["partner.items"] = "supplier-person",
        ["partner.range"] = "distributor-person reseller-person",
        ["partner.people"] = "partner-admin",
    }.ToDictionary(p => p.Key, p => p.Value.Split(' '));

    private readonly Dictionary<string, Reader> _readers;
    private readonly Dictionary<(string Email, string Kind), Dictionary<long, Depth>> _seen = [];
    private readonly Dictionary<string, long[]> _all = [];
    private readonly Dictionary<(string Kind, long Id), (string Kind, long Id)> _above = [];

    /// <summary>The same house without a single share.</summary>
    private SightModel? _unshared;

    private SightModel(Dictionary<string, Reader> readers) => _readers = readers;

    private sealed record Reader(Person Person, Company? Company, string[] Functions, HashSet<string> Keys, HashSet<long> Team)
    {
        public bool IsStaff => Company is null;
        public bool Is(params string[] functions) => functions.Any(f => Functions.Contains(f));
    }

    public static IEnumerable<string> Policies => FunctionsOfPolicy.Keys;

    public bool May(string email, string policy) => _readers[email].Functions.Any(f => FunctionsOfPolicy[policy].Contains(f));

    public bool IsPartner(string email) => !_readers[email].IsStaff;

    public long PersonId(string email) => _readers[email].Person.Id;

    public static string KindOf(RecordClass recordClass) => recordClass switch
    {
        RecordClass.Company => "company",
        RecordClass.Product => "product",
        RecordClass.SupplierItem => "item",
        RecordClass.Opportunity => "opportunity",
        RecordClass.DemandSignal => "signal",
        RecordClass.Document => "document",
        _ => throw new ArgumentOutOfRangeException(nameof(recordClass)),
    };

    public bool Knows(string kind) => _all.ContainsKey(kind);

    /// <summary>How deep the person sees into the record.</summary>
    public Depth Of(string email, string kind, long id) => _seen.TryGetValue((email, kind), out var seen) ? seen.GetValueOrDefault(id) : Depth.None;

    /// <summary>Ids of the kind, oldest first.</summary>
    public IReadOnlyList<long> All(string kind) => _all.GetValueOrDefault(kind, []);

    public IEnumerable<long> SeenBy(string email, string kind) => All(kind).Where(id => Of(email, kind, id) > Depth.None);

    /// <summary>What the person sees by a share and by nothing else.</summary>
    public IEnumerable<long> SharedWith(string email, string kind) => SeenBy(email, kind).Where(id => _unshared?.Of(email, kind, id) is Depth.None);

    public IEnumerable<long> HiddenFrom(string email, string kind) => All(kind).Where(id => Of(email, kind, id) is Depth.None);

    /// <summary>The record that this one hangs below.</summary>
    public (string Kind, long Id)? Above(string kind, long id) => _above.TryGetValue((kind, id), out var above) ? above : null;

    public static async Task<SightModel> ReadAsync(RunningPortal portal, IEnumerable<string> emails)
    {
        await using var db = portal.System();
        var house = new House(
            await db.People.Include(p => p.Functions).Include(p => p.Territories).AsNoTracking().ToListAsync(), await db.Companies.AsNoTracking().ToDictionaryAsync(c => c.Id),
            [.. (await db.Shares.AsNoTracking().ToListAsync()).Where(s => s.Until > db.Now)], await db.Teams.AsNoTracking().ToListAsync());
        var model = new SightModel(emails.ToDictionary(e => e, e => ReaderOf(house.People.Single(p => p.Email == e), house)));
        await model.FillAsync(db, house);
        model._unshared = new(model._readers);
        await model._unshared.FillAsync(db, house with { Shares = [] });
        return model;
    }

    private sealed record House(List<Person> People, Dictionary<long, Company> Companies, Share[] Shares, List<Team> Teams)
    {
        public Depth Shared(Reader reader, RecordClass kind, long id) => Shares.Where(s => s.RecordClass == kind && s.RecordId == id && reader.Keys.Contains(s.Key))
            .Select(s => s.Fields is FieldSet.Full ? Depth.Full : Depth.Summary).DefaultIfEmpty(Depth.None).Max();
    }

    private static Reader ReaderOf(Person person, House house)
    {
        var company = person.CompanyId is { } id ? house.Companies[id] : null;
        HashSet<string> keys = [$"person:{person.Id}"];
        HashSet<long> team = [person.Id];
        if (company is null)
        {
            var teams = house.Teams.Where(t => t.Id == person.TeamId || t.LeaderId == person.Id).Select(t => t.Id).ToHashSet();
            team.UnionWith(house.People.Where(p => p.TeamId is { } t && teams.Contains(t)).Select(p => p.Id));
            keys.UnionWith(teams.Select(t => $"team:{t}"));
            keys.UnionWith(person.Territories.Select(t => $"territory:{t.TerritoryId}"));
        }
        else
        {
            keys.UnionWith(["partners", $"company:{company.Id}", $"region:{company.Region}"]);
            if (company.Tier is not PartnerTier.None) { keys.Add($"tier:{company.Tier}"); }
            if (company.IsSupplier) { keys.Add("kind:Supplier"); }
            if (company.IsDistributor) { keys.Add("kind:Distributor"); }
            if (company.IsChannelPartner) { keys.Add("kind:ChannelPartner"); }
        }
        return new(person, company, [.. person.Functions.Select(f => f.Function)], keys, team);
    }

    private async Task FillAsync(PortalDbContext db, House house)
    {
        Add("company", house.Companies.Keys, (r, id) => r.IsStaff ? Depth.Internal : r.Company!.Id == id ? Depth.Full : house.Shared(r, RecordClass.Company, id));
        var contacts = await db.Contacts.AsNoTracking().ToDictionaryAsync(c => c.Id);
        Add("contact", contacts.Keys, (r, id) => r.IsStaff ? Depth.Internal : contacts[id].CompanyId == r.Company!.Id ? Depth.Full : Depth.None);
        foreach (var contact in contacts.Values) { _above[("contact", contact.Id)] = ("company", contact.CompanyId); }
        var sites = await db.Sites.AsNoTracking().ToDictionaryAsync(s => s.Id);
        Add("site", sites.Keys, (r, id) => r.IsStaff ? Depth.Internal : sites[id].CompanyId == r.Company!.Id ? Depth.Full : Depth.None);
        foreach (var site in sites.Values) { _above[("site", site.Id)] = ("company", site.CompanyId); }
        Add("person", house.People.Select(p => p.Id), (r, id) => r.IsStaff ? Depth.Internal : house.People.Single(p => p.Id == id).CompanyId == r.Company!.Id ? Depth.Full : Depth.None);
        Add("partner-person", house.People.Where(p => p.CompanyId is not null && p.Active).Select(p => p.Id), (r, _) => r.IsStaff ? Depth.Internal : Depth.None);
        var looks = await db.SupportViews.AsNoTracking().ToDictionaryAsync(v => v.Id);
        Add("look", looks.Keys, (r, id) => r.IsStaff ? r.Is("administrator", "manager") || looks[id].ViewerId == r.Person.Id ? Depth.Internal : Depth.None
            : r.Is("partner-admin") && looks[id].CompanyId == r.Company!.Id ? Depth.Full : Depth.None);
        Add("audit", await db.Audit.Select(a => a.Id).ToListAsync(), (r, _) => r.Is("administrator", "manager") ? Depth.Internal : Depth.None);
        Add("team", house.Teams.Select(t => t.Id), (r, _) => r.IsStaff ? Depth.Internal : Depth.None);
        Add("territory", await db.Territories.Select(t => t.Id).ToListAsync(), (r, _) => r.IsStaff ? Depth.Internal : Depth.None);
        Add("grant", await db.Grants.Select(g => g.Id).ToListAsync(), (r, _) => r.IsStaff ? Depth.Internal : Depth.None);
        Add("stage", await db.Stages.Select(s => s.Id).ToListAsync(), (r, _) => r.IsStaff ? Depth.Internal : Depth.Full);
        Add("category", await db.Categories.Select(c => c.Id).ToListAsync(), (r, _) => r.IsStaff ? Depth.Internal : Depth.Full);
        Add("share", house.Shares.Select(s => s.Id), (r, id) => r.IsStaff ? Depth.Internal : r.Keys.Contains(house.Shares.Single(s => s.Id == id).Key) ? Depth.Full : Depth.None);
        foreach (var share in house.Shares) { _above[("share", share.Id)] = (KindOf(share.RecordClass), share.RecordId); }

        var items = await db.SupplierItems.AsNoTracking().ToDictionaryAsync(i => i.Id);
        var products = await db.Products.AsNoTracking().ToDictionaryAsync(p => p.Id);
        bool Supplies(Reader r, long product) => r.Company!.IsSupplier && items.Values.Any(i => i.SupplierId == r.Company.Id && i.ProductId == product && i.Active);
        Add("item", items.Keys, (r, id) => r.IsStaff ? Depth.Internal : items[id].SupplierId == r.Company!.Id ? Depth.Full : house.Shared(r, RecordClass.SupplierItem, id));
        Add("product", products.Keys, (r, id) => r.IsStaff ? Depth.Internal : Supplies(r, id) ? Depth.Full
            : (r.Company!.IsDistributor || r.Company.IsChannelPartner) && products[id].Lifecycle is Lifecycle.Active or Lifecycle.PhaseOut ? Depth.Summary : house.Shared(r, RecordClass.Product, id));

        await AddSalesAsync(db, house);
        await AddDemandAsync(db);
        await AddDocumentsAsync(db, house);
        await AddOwnAsync(db, house);
    }

    private async Task AddSalesAsync(PortalDbContext db, House house)
    {
        var opportunities = await db.Opportunities.AsNoTracking().ToDictionaryAsync(o => o.Id);
        Depth Sale(Reader r, long id)
        {
            var sale = opportunities[id];
            if (!r.IsStaff)
            {
                return sale.PartnerId == r.Company!.Id && (r.Company.IsDistributor || r.Company.IsChannelPartner) ? Depth.Full : house.Shared(r, RecordClass.Opportunity, id);
            }
            var reached = r.Is("administrator", "channel-manager", "manager")
                || r.Is("sales-manager") && sale.OwnerId is { } teamed && r.Team.Contains(teamed) || r.Is("sales") && sale.OwnerId == r.Person.Id;
            return reached || house.Shared(r, RecordClass.Opportunity, id) > Depth.None ? Depth.Internal : Depth.None;
        }
        Add("opportunity", opportunities.Keys, Sale);
        var comments = await db.Comments.AsNoTracking().ToDictionaryAsync(c => c.Id);
        Add("comment", comments.Keys, (r, id) => comments[id] switch
        {
            { Internal: true } when !r.IsStaff => Depth.None,
            { RecordClass: RecordClass.Opportunity } word => Sale(r, word.RecordId),
            _ => r.IsStaff ? Depth.Internal : Depth.None,
        });
        foreach (var comment in comments.Values) { _above[("comment", comment.Id)] = ("opportunity", comment.RecordId); }
        Add("bulk", await db.BulkChanges.Select(c => c.Id).ToListAsync(), (_, _) => Depth.None);
    }

    private async Task AddDemandAsync(PortalDbContext db)
    {
        var signals = await db.DemandSignals.AsNoTracking().ToDictionaryAsync(s => s.Id);
        // The place of a demand is its reporter's business: a supplier counts quantities, not whose they are.
        Add("signal", signals.Keys, (r, id) => r.IsStaff
            ? r.Is("administrator", "sales-manager", "procurement", "channel-manager", "manager") ? Depth.Internal : Depth.None
            : r.Company!.IsDistributor && signals[id].CompanyId == r.Company.Id && signals[id].Source is DemandSource.SellThrough or DemandSource.StockOnHand or DemandSource.Forecast ? Depth.Full : Depth.None);
        var batches = await db.DemandBatches.AsNoTracking().ToDictionaryAsync(b => b.Id);
        Add("batch", batches.Keys, (r, id) => r.IsStaff ? Depth.Internal : batches[id].ReporterId == r.Company!.Id ? Depth.Full : Depth.None);
    }

    private async Task AddDocumentsAsync(PortalDbContext db, House house)
    {
        var today = db.Today;
        var documents = await db.Documents.AsNoTracking().ToDictionaryAsync(d => d.Id);
        Depth Paper(Reader r, long id) => r.IsStaff ? Depth.Internal
            : documents[id] is { Status: DocumentStatus.Published, CurrentVersionId: not null } paper && (paper.ValidFrom ?? today) <= today && (paper.ValidUntil ?? today) >= today
                && house.Shared(r, RecordClass.Document, id) > Depth.None ? Depth.Full : Depth.None;
        Add("document", documents.Keys, Paper);
        var versions = await db.DocumentVersions.AsNoTracking().ToDictionaryAsync(v => v.Id);
        Add("version", versions.Keys, (r, id) => r.IsStaff || documents[versions[id].DocumentId].CurrentVersionId == id ? Paper(r, versions[id].DocumentId) : Depth.None);
        foreach (var version in versions.Values) { _above[("version", version.Id)] = ("document", version.DocumentId); }
        var folders = await db.Folders.Select(f => f.Id).ToListAsync();
        Add("folder", folders, (r, id) => r.IsStaff ? Depth.Internal : documents.Values.Any(d => d.FolderId == id && Paper(r, d.Id) > Depth.None) ? Depth.Full : Depth.None);
    }

    private async Task AddOwnAsync(PortalDbContext db, House house)
    {
        var jobs = await db.Jobs.AsNoTracking().ToDictionaryAsync(j => j.Id);
        Add("job", jobs.Keys, (r, id) => jobs[id].PersonId == r.Person.Id ? Depth.Full : Depth.None);
        var views = await db.SavedViews.AsNoTracking().ToDictionaryAsync(v => v.Id);
        Add("view", views.Keys, (r, id) => views[id].PersonId == r.Person.Id
            || r.IsStaff && views[id].Shared && house.People.Single(p => p.Id == views[id].PersonId).CompanyId is null ? Depth.Full : Depth.None);
    }

    /// <summary>What lies in files and belongs to who brought it.</summary>
    public void AddOwned(string kind, IReadOnlyDictionary<long, string> emailOf) =>
        Add(kind, emailOf.Keys, (reader, id) => reader.Person.Email == emailOf[id] ? Depth.Full : Depth.None);

    private void Add(string kind, IEnumerable<long> ids, Func<Reader, long, Depth> depth)
    {
        _all[kind] = [.. ids.Order()];
        foreach (var (email, reader) in _readers) { _seen[(email, kind)] = _all[kind].ToDictionary(id => id, id => depth(reader, id)); }
    }
}
