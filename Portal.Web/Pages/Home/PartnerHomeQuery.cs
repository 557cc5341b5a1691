using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Home;

/// <summary>What a summary tells of an opportunity: enough to find it.</summary>
public sealed record PartnerOpportunity(long Id, string Number, string Title, string StageName, string StageNameZh, int? CloseYear, int? CloseMonth)
{
    public string StageIn(string language) => language.StartsWith("zh", StringComparison.Ordinal) && StageNameZh.Length > 0 ? StageNameZh : StageName;
}

public sealed record SharedOpportunity(long Id, string Title, DateTimeOffset At);

/// <param name="Answered">Whether somebody of the reader's company has written after it.</param>
public sealed record StaffComment(long RecordId, string Title, string Author, string Body, DateTimeOffset At, bool Answered);

/// <param name="Author">Of a comment; null where the opportunity was shared.</param>
public sealed record OpportunityNews(long Id, string Title, string? Author, DateTimeOffset At);

public sealed record PartnerDocument(long Id, string Title, DateTimeOffset UpdatedAt, bool AsksForReceipt);

/// <summary>What is wanted in a week, over all products that are counted in the unit.</summary>
/// <param name="Unit">As <see cref="Units.CountedAs"/>.</param>
public sealed record WeekOfDemand(DateOnly Week, DemandSource Source, string Unit, decimal Quantity);

/// <summary>What a partner's person finds when the day begins: what is new, what waits for an answer, what is theirs.</summary>
public sealed record PartnerHome(
    IReadOnlyList<PartnerOpportunity> Opportunities, IReadOnlyList<SharedOpportunity> NewlyShared, IReadOnlyList<StaffComment> Comments, IReadOnlyList<PartnerDocument> Documents,
    IReadOnlyList<WeekOfDemand> Demand, DateOnly ThisWeek)
{
    private const int MostNews = 5;

    /// <summary>The last word of each thread that waits.</summary>
    public IEnumerable<StaffComment> Unanswered => Comments.Where(c => !c.Answered).DistinctBy(c => c.RecordId).Take(6);
    /// <summary>What was shared and what was said and answered, the latest first; one line for each opportunity's talk.</summary>
    public IReadOnlyList<OpportunityNews> News =>
    [
        .. NewlyShared.Select(s => new OpportunityNews(s.Id, s.Title, null, s.At))
            .Concat(Comments.Where(c => c.Answered).DistinctBy(c => c.RecordId).Take(MostNews).Select(c => new OpportunityNews(c.RecordId, c.Title, c.Author, c.At)))
            .OrderByDescending(n => n.At),
    ];

    public IEnumerable<PartnerDocument> Receipts => Documents.Where(d => d.AsksForReceipt);
}

/// <summary>At most five questions to the database. Everything is asked in the partner's own scope; nothing here names a company.</summary>
public sealed class PartnerHomeQuery(PortalDbContext db)
{
    /// <summary>Weeks shown before and from this one.</summary>
    public const int Weeks = 8;

    private const int MostOpportunities = 6, MostNew = 5, MostComments = 20, MostReceipts = 10, MostDocuments = 5;

    private static readonly TimeSpan NewsReachBack = TimeSpan.FromDays(60);

    public async Task<PartnerHome> ReadAsync(Viewer viewer, CancellationToken ct)
    {
        var sells = viewer.May(Permissions.PartnerOpportunities);
        var week = Periods.WeekOf(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(db.Now, viewer.TimeZone).DateTime));
        return new(
            sells ? await OpportunitiesAsync(ct) : [],
            sells ? await NewlySharedAsync(ct) : [],
            sells ? await CommentsAsync(ct) : [],
            viewer.May(Permissions.PartnerDocuments) ? await DocumentsAsync(viewer.PersonId, ct) : [],
            viewer.May(Permissions.PartnerDemand) ? await DemandAsync(week, ct) : [],
            week);
    }

    private Task<List<PartnerOpportunity>> OpportunitiesAsync(CancellationToken ct) => (
        from o in db.Opportunities
        join s in db.Stages on o.StageId equals s.Id
        where o.Outcome == StageKind.Open && o.CloseDate != null
        orderby o.CloseDate, o.Id
        select new PartnerOpportunity(o.Id, o.Number, o.Title, s.Name, s.NameZh, o.CloseDate!.Value.Year, o.CloseDate.Value.Month)).Take(MostOpportunities).ToListAsync(ct);

    private async Task<IReadOnlyList<SharedOpportunity>> NewlySharedAsync(CancellationToken ct)
    {
        var (now, keys) = (db.Now, db.Scope.Keys);
        // One opportunity may be shared with the person, the company and the tier at once.
        var shared = await (
            from share in db.Shares
            join o in db.Opportunities on share.RecordId equals o.Id
            where share.RecordClass == RecordClass.Opportunity && keys.Contains(share.Key) && share.Until > now
            orderby share.Id descending
            select new SharedOpportunity(o.Id, o.Title, share.SharedAt)).Take(3 * MostNew).ToListAsync(ct);
        return [.. shared.DistinctBy(o => o.Id).Take(MostNew)];
    }

    private Task<List<StaffComment>> CommentsAsync(CancellationToken ct)
    {
        var company = db.Scope.RequireCompany();
        var since = IdSource.FirstAt(db.Now - NewsReachBack);
        return db.Comments.Where(c => c.Id >= since && c.AuthorCompanyId == null && c.RecordClass == RecordClass.Opportunity).OrderByDescending(c => c.Id).Take(MostComments)
            .Select(c => new StaffComment(c.RecordId, db.Opportunities.Where(o => o.Id == c.RecordId).Select(o => o.Title).FirstOrDefault() ?? "", c.AuthorName, c.Body, c.At,
                db.Comments.Any(r => r.RecordId == c.RecordId && r.Id > c.Id && r.AuthorCompanyId == company))).ToListAsync(ct);
    }

    /// <summary>The newest papers and those whose receipt is asked for and not yet given, as one question.</summary>
    private async Task<IReadOnlyList<PartnerDocument>> DocumentsAsync(long me, CancellationToken ct)
    {
        var asking = db.Documents.Where(d => d.ReceiptRequired
                && !db.DocumentReceipts.Any(r => r.DocumentId == d.Id && r.Kind == ReceiptKind.Confirmed && r.VersionId == d.CurrentVersionId))
            .OrderByDescending(d => d.UpdatedAt).ThenByDescending(d => d.Id).Take(MostReceipts).Select(d => new { d.Id, d.Title, d.UpdatedAt, Asks = true });
        var newest = db.Documents.OrderByDescending(d => d.UpdatedAt).ThenByDescending(d => d.Id).Take(MostDocuments).Select(d => new { d.Id, d.Title, d.UpdatedAt, Asks = false });
        var found = await asking.Concat(newest).ToListAsync(ct);
        return [.. found.GroupBy(d => d.Id).Select(g => new PartnerDocument(g.Key, g.First().Title, g.First().UpdatedAt, g.Any(d => d.Asks))).OrderByDescending(d => d.UpdatedAt)];
    }

    private async Task<IReadOnlyList<WeekOfDemand>> DemandAsync(DateOnly week, CancellationToken ct)
    {
        var (first, until) = (week.AddDays(-7 * Weeks), week.AddDays(7 * Weeks));
        var found = await (
            from signal in db.DemandSignals.Where(s => s.Period >= first && s.Period < until && s.Granularity != DemandPeriod.Month && s.Source != DemandSource.StockOnHand)
            join product in db.Products on signal.ProductId equals product.Id
            group signal.Quantity by new { signal.Period, signal.Source, product.Unit } into sum
            select new { sum.Key.Period, sum.Key.Source, sum.Key.Unit, Quantity = sum.Sum() }).ToListAsync(ct);
        return [.. found.GroupBy(f => (Week: Periods.WeekOf(f.Period), f.Source, Unit: Units.CountedAs(f.Unit))).Select(g => new WeekOfDemand(g.Key.Week, g.Key.Source, g.Key.Unit, g.Sum(f => f.Quantity))).OrderBy(w => w.Week)];
    }
}
