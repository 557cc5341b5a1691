using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Supply;

namespace Portal.Web.Demo;

/// <summary>Products in nested categories, and who supplies them: suppliers overlap, so that they compete.</summary>
internal static class DemoCatalog
{
    private static readonly decimal[] Growth = [1m, 1.35m, 1.9m, 2.8m, 4.2m];

    /// <summary>What each supplier makes; the price is a part of the list price.</summary>
    private static readonly (string Supplier, string[] Categories, decimal Price, int LeadTimeDays)[] Ranges =
    [
        ("ALPINE", ["MOTOR", "GEAR", "COUPLING", "SENSOR", "BEARING"], 0.61m, 42),
        ("JINGRUI", ["MOTOR", "INVERTER", "PUMP", "VALVE", "BEARING"], 0.54m, 63),
        ("NORDGUSS", ["PUMP", "VALVE", "SEAL", "METER", "COUPLING"], 0.64m, 28),
    ];

    public static async Task AddAsync(DemoHouse house, CancellationToken ct)
    {
        var buyer = house.People["procurement@portal.example"];
        var categories = new Dictionary<string, ProductCategory>();
        foreach (var (code, name, parent) in DemoWords.Categories)
        {
            categories[code] = new ProductCategory { Id = house.NewId(), Code = code, Name = name.ToString(), ParentId = parent.Length == 0 ? null : categories[parent].Id };
        }
        foreach (var line in DemoWords.Products)
        {
            for (var size = 0; size < line.Sizes.Length; size++) { house.Products.Add(Product(house, line, size, categories[line.Category].Id)); }
        }
        await house.SaveAsync(buyer, house.DayAgo(426), [.. categories.Values, .. house.Products], ct);

        var categoryOf = categories.ToDictionary(c => c.Value.Id, c => c.Key);
        var items = new List<SupplierItem>();
        foreach (var (supplier, range, price, leadTime) in Ranges)
        {
            var dice = new Dice($"items of {supplier}");
            var made = house.ProductsBySupplier[supplier] = [.. house.Products.Where(p => range.Contains(categoryOf[p.CategoryId!.Value]) && dice.Chance(92))];
            items.AddRange(made.Select((product, i) => Item(house, dice, supplier, product, i, price, leadTime)));
        }
        foreach (var rivals in items.Where(i => i.Active).GroupBy(i => i.ProductId)) { rivals.MinBy(i => i.LeadTimeDays)!.Preferred = true; }
        await house.SaveAsync(buyer, house.DayAgo(421), items, ct);
    }

    private static Product Product(DemoHouse house, (string Category, string Prefix, Words Name, string Unit, decimal Price, string[] Sizes) line, int size, long category)
    {
        var dice = new Dice($"product {line.Prefix}", size);
        var price = Math.Round(line.Price * Growth[size], 2);
        var lifecycle = (line.Prefix, size) switch
        {
            ("FI", 0) or ("FM", 0) => Lifecycle.PhaseOut,
            ("SK", 4) or ("PS", 4) => Lifecycle.Planned,
            ("GO", 0) or ("JC", 0) => Lifecycle.Discontinued,
            _ => Lifecycle.Active,
        };
        return new Product
        {
            Id = house.NewId(), Code = $"{line.Prefix}-{(size + 1) * 10:D3}", Name = $"{line.Name.En} {line.Sizes[size]} {line.Name.Zh}", CategoryId = category, Unit = line.Unit, Lifecycle = lifecycle,
            ListPrice = price, Currency = "EUR", StandardCost = Math.Round(price * dice.Between(55, 70) / 100m, 2),
            Description = $"{line.Name.En}, size {line.Sizes[size]}. {line.Name.Zh}，规格 {line.Sizes[size]}。",
            SoldFrom = house.Today.AddDays(lifecycle is Lifecycle.Planned ? 60 : -dice.Between(500, 2500)), SoldUntil = lifecycle is Lifecycle.PhaseOut ? house.Today.AddDays(180) : lifecycle is Lifecycle.Discontinued ? house.Today.AddDays(-90) : null,
        };
    }

    private static SupplierItem Item(DemoHouse house, Dice dice, string supplier, Product product, int index, decimal price, int leadTime)
    {
        var chinese = house.Partners[supplier].Country == "CN";
        var small = product.ListPrice < 50;
        return new SupplierItem
        {
            Id = house.NewId(), SupplierId = house.Partners[supplier].Id, ProductId = product.Id, SupplierCode = $"{supplier[..2]}{1000 + index * 7}", LeadTimeDays = leadTime + dice.Between(-7, 14),
            MinimumQuantity = small ? 50 : 5, MultipleQuantity = small ? 10 : 1, Currency = chinese ? "CNY" : "EUR",
            StandardPrice = Math.Round(product.ListPrice!.Value * price * (100 + dice.Between(-4, 4)) / 100m * (chinese ? DemoSales.YuanPerEuro : 1m), 2),
            Active = product.Lifecycle is not Lifecycle.Discontinued,
        };
    }
}
