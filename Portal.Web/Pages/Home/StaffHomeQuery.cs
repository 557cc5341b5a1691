using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Home;

/// <summary>An opportunity of the reader's own that asks for something.</summary>
public sealed record DueOpportunity(long Id, string Title, string CustomerName, string? NextStep, DateOnly? NextStepOn, DateOnly? CloseDate, decimal Amount, string Currency, bool IsStep);

/// <summary>Sight of an opportunity of the reader's own that soon ends.</summary>
public sealed record EndingShare(long RecordId, string Title, DateTimeOffset Until);

public sealed record RunningJob(long Id, string Title, JobState State, long Progress, long Total);

public sealed record NewDocument(long Id, string Title, DateTimeOffset UpdatedAt);

/// <summary>A line of what others did, with the company it concerns.</summary>
public sealed record NewsEntry(TimelineEntry Entry, string? CompanyName);

/// <summary>What a partner's person did to an opportunity of the reader's, and how that stands now.</summary>
public sealed record PartnerAct(TimelineEntry Entry, string Partner, string StageName, string StageNameZh, string? NextStep)
{
    public string StageIn(string language) => language.StartsWith("zh", StringComparison.Ordinal) && StageNameZh.Length > 0 ? StageNameZh : StageName;
}

/// <summary>What a member of staff finds when the day begins.</summary>
public sealed record StaffHome(
    DateOnly Today, IReadOnlyList<DueOpportunity> Steps, IReadOnlyList<DueOpportunity> Closing, IReadOnlyList<EndingShare> EndingShares, IReadOnlyList<RunningJob> Jobs,
    IReadOnlyList<PartnerAct> FromPartners, IReadOnlyList<NewsEntry> News, IReadOnlyList<NewDocument> Documents, IReadOnlyList<PipelineStage>? Pipeline)
{
    /// <summary>Nothing was ever entered that the reader could see.</summary>
    public bool IsNew => NeedsNothing && News.Count == 0 && Documents.Count == 0 && Pipeline is null or { Count: 0 };

    public bool NeedsNothing => Steps.Count == 0 && FromPartners.Count == 0 && Closing.Count == 0 && EndingShares.Count == 0 && Jobs.Count == 0;
}

/// <summary>Five questions to the database, whatever the person sees.</summary>
public sealed class StaffHomeQuery(PortalDbContext db)
{
    private const int MostDue = 6, MostFromPartners = 6, MostNews = 10, MostDocuments = 4;

    private static readonly TimeSpan SharesEndWithin = TimeSpan.FromDays(14), NewsReachBack = TimeSpan.FromDays(30), PartnersReachBack = TimeSpan.FromDays(14);

    public async Task<StaffHome> ReadAsync(Viewer viewer, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(db.Now, viewer.TimeZone).DateTime);
        var sells = viewer.May(Permissions.ViewOpportunities);
        var due = sells ? await DueAsync(viewer.PersonId, today, ct) : [];
        var (fromPartners, news) = await NewsAsync(viewer.PersonId, sells, ct);
        var (ending, documents) = await EndingSharesAndDocumentsAsync(viewer.PersonId, sells, ct);
        return new(today, [.. due.Where(d => d.IsStep)], [.. due.Where(d => !d.IsStep)],
            ending,
            await db.Jobs.Where(j => j.PersonId == viewer.PersonId && (j.State == JobState.Waiting || j.State == JobState.Running)).OrderByDescending(j => j.Id).Take(5)
                .Select(j => new RunningJob(j.Id, j.Title, j.State, j.Progress, j.Total)).ToListAsync(ct),
            fromPartners,
            news,
            documents,
            sells ? await db.OpenPipelineAsync(ct) : null);
    }

    /// <summary>Next steps due within a week or overdue, and what closes this month, as one question.</summary>
    private Task<List<DueOpportunity>> DueAsync(long me, DateOnly today, CancellationToken ct)
    {
        var soon = today.AddDays(7);
        var endOfMonth = new DateOnly(today.Year, today.Month, 1).AddMonths(1).AddDays(-1);
        var mine = db.Opportunities.Where(o => o.OwnerId == me && o.Outcome == StageKind.Open);
        var steps = mine.Where(o => o.NextStepOn != null && o.NextStepOn <= soon).OrderBy(o => o.NextStepOn).ThenBy(o => o.Id).Take(MostDue)
            .Select(o => new { o.Id, o.Title, o.CustomerName, o.NextStep, o.NextStepOn, o.CloseDate, o.Amount, o.Currency, IsStep = true });
        var closing = mine.Where(o => o.CloseDate != null && o.CloseDate <= endOfMonth).OrderBy(o => o.CloseDate).ThenBy(o => o.Id).Take(MostDue)
            .Select(o => new { o.Id, o.Title, o.CustomerName, o.NextStep, o.NextStepOn, o.CloseDate, o.Amount, o.Currency, IsStep = false });
        return steps.Concat(closing).Select(o => new DueOpportunity(o.Id, o.Title, o.CustomerName, o.NextStep, o.NextStepOn, o.CloseDate, o.Amount, o.Currency, o.IsStep)).ToListAsync(ct);
    }

    /// <summary>Both are a title and a time, so one question serves them.</summary>
    private async Task<(List<EndingShare> Ending, List<NewDocument> Documents)> EndingSharesAndDocumentsAsync(long me, bool sells, CancellationToken ct)
    {
        var (now, soon) = (db.Now, db.Now + SharesEndWithin);
        var ending = (
            from opportunity in db.Opportunities
            join share in db.Shares on opportunity.Id equals share.RecordId
            where opportunity.OwnerId == me && opportunity.Outcome == StageKind.Open && share.RecordClass == RecordClass.Opportunity && share.Until > now && share.Until <= soon
            orderby share.Until
            select new { opportunity.Id, opportunity.Title, At = share.Until, IsShare = true }).Take(MostDue);
        var newest = db.Documents.Where(d => d.Status == DocumentStatus.Published).OrderByDescending(d => d.UpdatedAt).ThenByDescending(d => d.Id).Take(MostDocuments)
            .Select(d => new { d.Id, d.Title, At = d.UpdatedAt, IsShare = false });
        var found = await (sells ? ending.Concat(newest) : newest).ToListAsync(ct);
        return (
            [.. found.Where(f => f.IsShare).OrderBy(f => f.At).Select(f => new EndingShare(f.Id, f.Title, f.At))],
            [.. found.Where(f => !f.IsShare).OrderByDescending(f => f.At).ThenByDescending(f => f.Id).Select(f => new NewDocument(f.Id, f.Title, f.At))]);
    }

    /// <summary>What partners' people did to the reader's own opportunities, and what others did in the house, as one question.</summary>
    private async Task<(List<PartnerAct> FromPartners, List<NewsEntry> News)> NewsAsync(long me, bool sells, CancellationToken ct)
    {
        // Bound by key, so that somebody who sees little does not read the whole house's story to find it.
        var (since, lately) = (Domain.Common.IdSource.FirstAt(db.Now - NewsReachBack), Domain.Common.IdSource.FirstAt(db.Now - PartnersReachBack));
        var touched = db.Now - PartnersReachBack;
        var house = db.Timeline.AsNoTracking().Where(e => e.Id >= since && e.PersonId != me).OrderByDescending(e => e.Id).Take(MostNews)
            .Select(e => new { Entry = e, Company = db.Companies.Where(c => c.Id == e.CompanyId).Select(c => c.Name).FirstOrDefault(), Partner = (string?)null, Stage = (string?)null, StageZh = (string?)null, NextStep = (string?)null });
        var partners = (
            from opportunity in db.Opportunities
            join entry in db.Timeline.AsNoTracking() on opportunity.Id equals entry.RecordId
            join person in db.People on entry.PersonId equals person.Id
            join company in db.Companies on person.CompanyId equals company.Id
            where opportunity.OwnerId == me && (opportunity.Outcome == StageKind.Open || opportunity.ClosedAt >= touched) && entry.Id >= lately
            orderby entry.Id descending
            select new
            {
                Entry = entry, Company = (string?)opportunity.CustomerName, Partner = (string?)company.Name, Stage = (string?)opportunity.Stage!.Name, StageZh = (string?)opportunity.Stage.NameZh,
                opportunity.NextStep,
            }).Take(MostFromPartners);
        var found = await (sells ? partners.Concat(house) : house).ToListAsync(ct);
        return (
            [.. found.Where(f => f.Partner is not null).Select(f => new PartnerAct(f.Entry, f.Partner!, f.Stage!, f.StageZh!, f.NextStep)).OrderByDescending(a => a.Entry.Id)],
            [.. found.Where(f => f.Partner is null).Select(f => new NewsEntry(f.Entry, f.Company)).OrderByDescending(n => n.Entry.Id)]);
    }
}
