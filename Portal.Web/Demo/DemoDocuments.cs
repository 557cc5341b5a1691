using System.Text;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Documents;
using Portal.Web.Documents;

namespace Portal.Web.Demo;

/// <summary>The library: folders, documents for every kind of audience, one expired, one withdrawn, one draft, and who has read what.</summary>
internal sealed class DemoDocuments(DemoHouse house, FileStore files, CancellationToken ct)
{
    private readonly Person _channel = house.People["channel@portal.example"];
    private readonly Person _procurement = house.People["procurement@portal.example"];
    private readonly Person _marketing = house.People["marketing@portal.example"];

    public async Task AddAsync()
    {
        var prices = new DocumentFolder { Id = house.NewId(), Name = "Price lists", NameZh = "价目表" };
        var products = new DocumentFolder { Id = house.NewId(), Name = "Product information", NameZh = "产品资料" };
        var specifications = new DocumentFolder { Id = house.NewId(), Name = "Specifications", NameZh = "规格书", ParentId = products.Id };
        var programme = new DocumentFolder { Id = house.NewId(), Name = "Partner programme", NameZh = "合作伙伴计划" };
        await house.SaveAsync(_channel, house.Now, [prices, products, specifications, programme], ct);

        string[] priceLines = ["Planetary gearbox PG     i = 5 to 70       from 240.00 EUR", "Frequency inverter FI    0.75 to 15 kW     from 210.00 EUR", "Gear pump GP             6 to 32 cm3       from 320.00 EUR", "", "Discount class Gold: 22 %. Orders from 5,000.00 EUR are delivered free.", "Prices without tax, ex works."];
        var gold = await AddAsync(_channel, prices, "Price list Gold", "Prices and discounts for partners of the tier Gold.", 40, DocumentStatus.Published, 120, true,
            [Pdf("price-list-gold-2026-1.pdf", "Price list Gold, first edition", priceLines), Pdf("price-list-gold-2026-2.pdf", "Price list Gold, second edition", ["New: service kits for gear pumps.", "", .. priceLines])],
            ScopeKeys.Tier(PartnerTier.Gold));
        await AddAsync(_channel, prices, "中国区价目表", "中国区合作伙伴价格，含税，人民币。", 32, DocumentStatus.Published, 150, false,
            [Text("中国区价目表.csv", "编码,名称,单位,单价(CNY)\r\nPG-05,行星减速机 i=5,件,1890.00\r\nFI-15,变频器 15 kW,件,6240.00\r\nGP-16,齿轮泵 16 cm³,件,2650.00\r\n")], ScopeKeys.Region("China"));
        await AddAsync(_channel, prices, "Price list of the coming year", "In preparation.", 3, DocumentStatus.Draft, null, false, [Pdf("price-list-draft.pdf", "Price list, draft", ["Not yet released."])], ScopeKeys.Tier(PartnerTier.Gold));
        var quality = await AddAsync(_procurement, specifications, "Quality specification for suppliers 供应商质量规范", "What every delivery must meet: incoming inspection, certificates, labels. 来料检验、证书和标签要求。", 95, DocumentStatus.Published, 240, true,
            [Pdf("quality-specification.pdf", "Quality specification for suppliers", ["1  Every delivery carries a label with order, item and lot.", "2  Material certificates 3.1 go with gearboxes and pumps.", "3  Deviations are reported before shipping.", "4  First samples are kept for five years."])], ScopeKeys.Kind(CompanyRole.Supplier));
        await AddAsync(_procurement, specifications, "包装与标签要求", "供应商发货的包装、托盘和标签要求。", 60, DocumentStatus.Published, 200, false,
            [Text("包装与标签要求.txt", "一、每托盘不超过 800 公斤。\n二、标签须注明订单号、物料号和批次。\n三、木托盘须符合 ISPM 15 标准。\n")], ScopeKeys.Kind(CompanyRole.Supplier));
        await AddAsync(_marketing, specifications, "Dimension drawing planetary gearbox", "Flange and shaft of the series PG.", 75, DocumentStatus.Published, 300, false,
            [new("dimension-drawing-pg.png", DemoFiles.Drawing(960, 640))], ScopeKeys.Kind(CompanyRole.ChannelPartner), ScopeKeys.Kind(CompanyRole.Distributor));
        await AddAsync(_marketing, products, "Data sheet packaging drives", "Torque, speed and ambient conditions of the drives for packaging lines.", 50, DocumentStatus.Published, 300, false,
            [Pdf("data-sheet-packaging-drives.pdf", "Packaging drives", ["Rated torque          12 to 480 Nm", "Rated speed           up to 3,000 rpm", "Ambient temperature   -10 to +50 C", "Protection            IP 65"])], ScopeKeys.Kind(CompanyRole.ChannelPartner), ScopeKeys.Kind(CompanyRole.Distributor));
        await AddAsync(_marketing, products, "分销商库存指南", "建议库存、补货周期和慢动品处理办法。", 45, DocumentStatus.Published, 210, false,
            [Text("分销商库存指南.txt", "A 类物料：四周用量。\nB 类物料：六周用量。\nC 类物料：按订单补货。\n")], ScopeKeys.Kind(CompanyRole.Distributor));
        var welcome = await AddAsync(_channel, programme, "Welcome pack 欢迎手册", "How we work together: contacts, orders, returns, service. 合作方式：联系人、下单、退货和服务。", 180, DocumentStatus.Published, 180, true,
            [Pdf("welcome-pack.pdf", "Welcome", ["Your channel manager answers within one working day.", "Orders before noon are confirmed the same day.", "Returns need a number: ask for it before you send.", "Service hotline: Monday to Friday, 8:00 to 18:00."])], ScopeKeys.AllPartners);
        await AddAsync(_channel, programme, "Project protection agreement", "Terms for registered projects.", 28, DocumentStatus.Published, 330, true,
            [Pdf("project-protection-cascade.pdf", "Project protection agreement", ["Registered projects are protected for 90 days.", "Protection ends with the order or the loss of the project."])], ScopeKeys.Company(house.Partners["CASCADE"].Id));
        await AddAsync(_marketing, programme, "Spring promotion", "Service kits at a special price.", 160, DocumentStatus.Published, -20, false, [Pdf("spring-promotion.pdf", "Spring promotion", ["Ten percent on all service kits."])], ScopeKeys.AllPartners);
        await AddAsync(_marketing, programme, "Logo and colours", "Replaced by the brand portal.", 140, DocumentStatus.Withdrawn, null, false, [new("logo.png", DemoFiles.Drawing(480, 320))], ScopeKeys.AllPartners);

        await ReadAsync("reseller.admin@cascade.example", 20, ReceiptKind.Confirmed, welcome, gold);
        await ReadAsync("reseller@cascade.example", 18, ReceiptKind.Downloaded, welcome, gold);
        await ReadAsync("distributor@bayside.example", 15, ReceiptKind.Confirmed, welcome);
        await ReadAsync("supplier@alpine.example", 12, ReceiptKind.Downloaded, quality, welcome);
        await ReadAsync("supplier.admin@alpine.example", 11, ReceiptKind.Confirmed, quality);
    }

    /// <param name="daysAgo">When it came into the library; each further version a week later.</param>
    /// <param name="validDays">From today; negative for what is over.</param>
    /// <returns>The document.</returns>
    private async Task<Document> AddAsync(Person owner, DocumentFolder folder, string title, string description, int daysAgo, DocumentStatus status, int? validDays, bool receipt, DemoFile[] versions, params string[] audience)
    {
        var document = new Document
        {
            Id = house.NewId(), Title = title, Description = description, FolderId = folder.Id, OwnerId = owner.Id, Status = status, ReceiptRequired = receipt,
            ValidFrom = house.Today.AddDays(-daysAgo), ValidUntil = validDays is { } days ? house.Today.AddDays(days) : null,
        };
        var made = new List<object> { document };
        for (var i = 0; i < versions.Length; i++)
        {
            var at = house.DayAgo(Math.Max(1, daysAgo - 7 * i), 10);
            var version = await KeepAsync(document, versions[i], i + 1, owner, at);
            (document.CurrentVersionId, document.UpdatedAt) = (version.Id, at);
            made.Add(version);
        }
        made.AddRange(audience.Select(key => new Share
        {
            Id = house.NewId(), Key = key, RecordClass = RecordClass.Document, RecordId = document.Id, Fields = FieldSet.Full, Actions = GrantActions.Read,
            Reason = folder.Name, SharedBy = owner.Id, SharedAt = document.UpdatedAt, Until = house.DayAgo(-180, 0),
        }));
        await house.SaveAsync(owner, house.Now, made, ct);
        return document;
    }

    private async Task<DocumentVersion> KeepAsync(Document document, DemoFile file, int number, Person by, DateTimeOffset at)
    {
        using var content = new MemoryStream(file.Content);
        using var incoming = (await files.ReceiveAsync(content, long.MaxValue, ct)).Value;
        content.Position = 0;
        var type = new FileKinds(allowZip: false).Find(file.Name, content);
        incoming.Keep();
        return new DocumentVersion
        {
            Id = house.NewId(), DocumentId = document.Id, Number = number, FileName = file.Name, ContentType = type.Value, Size = incoming.Size, Sha256 = incoming.Sha256,
            UploadedAt = at, UploadedBy = by.Id, Note = number > 1 ? "Service kits added" : null,
        };
    }

    private async Task ReadAsync(string reader, int daysAgo, ReceiptKind kind, params Document[] documents)
    {
        var person = house.People[reader];
        ReceiptKind[] kinds = kind is ReceiptKind.Confirmed ? [ReceiptKind.Downloaded, ReceiptKind.Confirmed] : [kind];
        await house.SaveAsync(person, house.Now, documents.SelectMany((d, i) => kinds.Select((k, j) => new DocumentReceipt
        {
            Id = house.NewId(), DocumentId = d.Id, VersionId = d.CurrentVersionId!.Value, PersonId = person.Id, PersonName = person.Name, CompanyId = person.CompanyId, Kind = k, At = house.DayAgo(daysAgo, 11, 10 * i + j),
        })), ct);
    }

    private static DemoFile Pdf(string name, string title, string[] lines) => new(name, DemoFiles.Pdf(title, lines));

    private static DemoFile Text(string name, string text) => new(name, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]);

    private sealed record DemoFile(string Name, byte[] Content);
}
