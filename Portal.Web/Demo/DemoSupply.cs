using Portal.Domain.Catalog;
using Portal.Domain.Sales;
using Portal.Domain.Supply;

namespace Portal.Web.Demo;

/// <summary>What is wanted, beside what follows from the pipeline by itself: orders, the distributor's sales, stock and forecast, the house's own plan.</summary>
internal sealed class DemoSupply(DemoHouse house)
{
    private const int DistributorWeeks = 52, StockWeeks = 12, ForecastWeeks = 13, OrderWeeks = 30, HouseForecastWeeks = 26;
    private static readonly string[] Warehouses = ["宁波", "深圳", "成都", "武汉", "青岛", "杭州"];

    private readonly DateOnly _thisWeek = Periods.WeekOf(house.Today);
    private readonly List<Product> _sold = [.. house.Products.Where(p => p.Lifecycle is Lifecycle.Active or Lifecycle.PhaseOut)];

    public async Task AddAsync(CancellationToken ct)
    {
        house.Clock.MoveTo(house.DayAgo(1, 6));
        AddOrders();
        AddDistributor();
        AddHouseForecast();
        await house.SaveAsync(ct);
    }

    /// <summary>Orders on hand: what was won, and what customers call off every few weeks.</summary>
    private void AddOrders()
    {
        var won = Batch(DemandSource.Order, "Orders won 赢单订单", null);
        foreach (var opportunity in house.Opportunities.Select(p => p.Written!).Where(o => o.Outcome is StageKind.Won))
        {
            foreach (var line in opportunity.Lines) { Signal(won, line.ProductId, opportunity.CustomerId, "", Periods.WeekOf((line.WantedOn ?? opportunity.CloseDate!.Value).AddDays(28)), line.Quantity); }
        }
        for (var block = 0; block < house.Scale; block++)
        {
            var batch = Batch(DemandSource.Order, $"Call-off orders {block + 1} 滚动要货", null);
            foreach (var customer in house.Customers.Skip(block * DemoCompanies.CustomersPerScale).Take(DemoCompanies.CustomersPerScale).Where((_, i) => i % 3 == 0))
            {
                var dice = new Dice($"orders of {customer.Code}");
                foreach (var product in dice.Some(_sold, 4).ToList())
                {
                    for (var week = -OrderWeeks + dice.Below(4); week <= 8; week += dice.Between(3, 6)) { Signal(batch, product.Id, customer.Id, customer.City!, _thisWeek.AddDays(7 * week), Lot(dice, product)); }
                }
            }
        }
    }

    private void AddDistributor()
    {
        var bayside = house.Partners["BAYSIDE"].Id;
        var range = new Dice("range of BAYSIDE").Some(_sold, 24).ToList();
        var sites = Warehouses.Take(Math.Min(1 + house.Scale, Warehouses.Length)).ToList();
        for (var week = -DistributorWeeks; week < 0; week++)
        {
            var monday = _thisWeek.AddDays(7 * week);
            var sold = Batch(DemandSource.SellThrough, $"Bayside sell-through {monday:yyyy-MM-dd} 海湾分销终端销量", bayside);
            var stock = week >= -StockWeeks ? Batch(DemandSource.StockOnHand, $"Bayside stock {monday:yyyy-MM-dd} 海湾分销库存", bayside) : null;
            foreach (var (product, i) in range.Select((p, i) => (p, i)))
            {
                var dice = new Dice($"sold {product.Code}", DistributorWeeks + week);
                if (dice.Chance(55)) { Signal(sold, product.Id, bayside, sites[(i + week + DistributorWeeks) % sites.Count], monday, Seasonal(Lot(dice, product), monday)); }
                if (stock is null) { continue; }
                foreach (var site in sites.Take(2)) { Signal(stock, product.Id, bayside, site, monday, Lot(dice, product) * dice.Between(1, 4)); }
            }
        }
        var forecast = Batch(DemandSource.Forecast, "Bayside forecast 海湾分销预测", bayside);
        foreach (var product in range)
        {
            var dice = new Dice($"forecast {product.Code}");
            for (var week = 0; week < ForecastWeeks; week++)
            {
                var monday = _thisWeek.AddDays(7 * week);
                Signal(forecast, product.Id, bayside, sites[0], monday, Seasonal(Lot(dice, product), monday));
            }
        }
    }

    private void AddHouseForecast()
    {
        var batch = Batch(DemandSource.Forecast, "House forecast 公司预测", null);
        foreach (var product in _sold)
        {
            var dice = new Dice($"plan {product.Code}");
            for (var week = 0; week < HouseForecastWeeks; week++)
            {
                var monday = _thisWeek.AddDays(7 * week);
                Signal(batch, product.Id, null, "", monday, Seasonal(Lot(dice, product) * 2, monday));
            }
        }
    }

    private DemandBatch Batch(DemandSource source, string origin, long? reporter)
    {
        var batch = new DemandBatch { Id = house.NewId(), Source = source, Origin = origin, ReporterId = reporter, ReceivedAt = house.Clock.GetUtcNow() };
        house.Db.Add(batch);
        return batch;
    }

    private void Signal(DemandBatch batch, long product, long? company, string site, DateOnly week, decimal quantity)
    {
        house.Db.Add(new DemandSignal { Id = house.NewId(), BatchId = batch.Id, ProductId = product, CompanyId = company, Site = site, Period = week, Source = batch.Source, Quantity = quantity });
        batch.SignalCount++;
    }

    private static decimal Lot(Dice dice, Product product) => product.ListPrice < 50 ? 10 * dice.Between(3, 40) : dice.Between(1, 24);

    /// <summary>More in spring and autumn, less in summer and at the turn of the year; whole units.</summary>
    private static decimal Seasonal(decimal quantity, DateOnly week) =>
        Math.Max(1, Math.Round(quantity * (week.Month switch { 1 or 2 or 8 => 0.7m, 7 or 12 => 0.8m, 4 or 5 or 10 or 11 => 1.25m, _ => 1m })));
}
