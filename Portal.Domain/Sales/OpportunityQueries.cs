using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>What staff read of an opportunity: everything.</summary>
public sealed record OpportunityForStaff
{
    public required long Id { get; init; }
    public required long Version { get; init; }
    public required string Number { get; init; }
    public required string Title { get; init; }
    public required long? CustomerId { get; init; }
    public required string CustomerName { get; init; }
    public required long? OwnerId { get; init; }
    public required string OwnerName { get; init; }
    public required long? PartnerId { get; init; }
    public required string? PartnerName { get; init; }
    public required long? TerritoryId { get; init; }
    public required string? TerritoryName { get; init; }
    public required long StageId { get; init; }
    public required StageKind Outcome { get; init; }
    public required int Probability { get; init; }
    public required decimal Amount { get; init; }
    public required string Currency { get; init; }
    public required DateOnly? CloseDate { get; init; }
    public required DateOnly OpenedOn { get; init; }
    public required DateTimeOffset StageSince { get; init; }
    public required DateTimeOffset? ClosedAt { get; init; }
    public required string? Source { get; init; }
    public required long? CompetitorId { get; init; }
    public required string? CompetitorName { get; init; }
    public required string? NextStep { get; init; }
    public required DateOnly? NextStepOn { get; init; }
    public required string? OutcomeReason { get; init; }
    public required string? Description { get; init; }
    public required string? InternalNotes { get; init; }
    /// <summary>By reach, or by a share that says so.</summary>
    public required bool MayEdit { get; init; }
}

/// <summary>What a summary tells a partner: that there is a sale, how far it is and when it may close. Not whose, nor for how much. docs/user/sales.md, "Shared with partners".</summary>
public sealed record OpportunitySummaryForPartner
{
    public required long Id { get; init; }
    public required string Number { get; init; }
    public required string Title { get; init; }
    public required string StageName { get; init; }
    public required string StageNameZh { get; init; }
    public required StageKind Outcome { get; init; }
    public required int? CloseYear { get; init; }
    public required int? CloseMonth { get; init; }
}

/// <summary>A row of what a partner sees in summary. The month is written as year and number.</summary>
public sealed record OpportunitySummaryRow
{
    public required long Id { get; init; }
    public required string Number { get; init; }
    public required string Title { get; init; }
    public required long StageId { get; init; }
    public required string StageName { get; init; }
    public required string StageNameZh { get; init; }
    public required StageKind Outcome { get; init; }
    public required string? CloseMonth { get; init; }

    public static readonly System.Linq.Expressions.Expression<Func<Opportunity, OpportunitySummaryRow>> Of = o => new OpportunitySummaryRow
    {
        Id = o.Id, Number = o.Number, Title = o.Title, StageId = o.StageId, StageName = o.Stage!.Name, StageNameZh = o.Stage.NameZh, Outcome = o.Outcome,
        CloseMonth = o.CloseDate == null ? null : o.CloseDate.Value.Year + (o.CloseDate.Value.Month < 10 ? "-0" : "-") + o.CloseDate.Value.Month,
    };
}

/// <summary>A line with its product's name; null where the reader does not see the product.</summary>
public sealed record OpportunityLineRow(long Id, long ProductId, string? ProductCode, string? ProductName, string? Unit, decimal Quantity, decimal UnitPrice, decimal LineTotal, DateOnly? WantedOn);

public sealed record OpportunityContactRow(long ContactId, string FirstName, string LastName, string? JobTitle, string? Email, string? Phone, string? Part);

public static class OpportunityQueries
{
    private static readonly CompiledQuery<long, OpportunityInFull> Full = new((db, id) => db.OpportunitiesInFull.AsNoTracking().Include(o => o.Stage).Where(o => o.Id == id));

    private static readonly CompiledQuery<long, OpportunitySummaryForPartner> Summary = new((db, id) => db.Opportunities.Where(o => o.Id == id).Select(o => new OpportunitySummaryForPartner
    {
        Id = o.Id, Number = o.Number, Title = o.Title, StageName = o.Stage!.Name, StageNameZh = o.Stage.NameZh, Outcome = o.Outcome,
        CloseYear = o.CloseDate == null ? null : o.CloseDate.Value.Year, CloseMonth = o.CloseDate == null ? null : o.CloseDate.Value.Month,
    }));

    extension(PortalDbContext db)
    {
        /// <returns>Null where there is none to be seen.</returns>
        public Task<OpportunityForStaff?> OpportunityForStaffAsync(long id, CancellationToken ct)
        {
            var editable = db.AllowedTo<Opportunity>(Access.GrantActions.Edit);
            return db.Opportunities.Where(o => o.Id == id).Select(o => new OpportunityForStaff
            {
                MayEdit = editable.Any(e => e.Id == o.Id),
                Id = o.Id, Version = o.Version, Number = o.Number, Title = o.Title, CustomerId = o.CustomerId, CustomerName = o.CustomerName, OwnerId = o.OwnerId, OwnerName = o.OwnerName,
                PartnerId = o.PartnerId, PartnerName = db.Companies.Where(c => c.Id == o.PartnerId).Select(c => c.Name).FirstOrDefault(),
                TerritoryId = o.TerritoryId, TerritoryName = db.Territories.Where(t => t.Id == o.TerritoryId).Select(t => t.Name).FirstOrDefault(),
                StageId = o.StageId, Outcome = o.Outcome, Probability = o.Probability, Amount = o.Amount, Currency = o.Currency, CloseDate = o.CloseDate, OpenedOn = o.OpenedOn,
                StageSince = o.StageSince, ClosedAt = o.ClosedAt, Source = o.Source,
                CompetitorId = o.CompetitorId, CompetitorName = db.Companies.Where(c => c.Id == o.CompetitorId).Select(c => c.Name).FirstOrDefault(),
                NextStep = o.NextStep, NextStepOn = o.NextStepOn, OutcomeReason = o.OutcomeReason, Description = o.Description, InternalNotes = o.InternalNotes,
            }).FirstOrDefaultAsync(ct);
        }

        /// <inheritdoc cref="OpportunityForStaffAsync"/>
        public Task<OpportunitySummaryForPartner?> OpportunitySummaryForPartnerAsync(long id, CancellationToken ct) => Summary.FirstOrDefaultAsync(db, id, ct);

        /// <returns>Null where there is none to be seen in full.</returns>
        public Task<OpportunityInFull?> OpportunityInFullAsync(long id, CancellationToken ct) => Full.FirstOrDefaultAsync(db, id, ct);

        public Task<List<OpportunityLineRow>> LinesOfOpportunityAsync(long id, CancellationToken ct) => (
            from line in db.OpportunityLines
            join product in db.Products on line.ProductId equals product.Id into products
            from product in products.DefaultIfEmpty()
            where line.OpportunityId == id
            orderby line.Id
            select new OpportunityLineRow(line.Id, line.ProductId, product!.Code, product.Name, product.Unit, line.Quantity, line.UnitPrice, line.LineTotal, line.WantedOn)).ToListAsync(ct);

        public Task<List<OpportunityContactRow>> ContactsOfOpportunityAsync(long id, CancellationToken ct) => (
            from part in db.OpportunityContacts
            join contact in db.Contacts on part.ContactId equals contact.Id
            where part.OpportunityId == id
            orderby contact.LastName, contact.Id
            select new OpportunityContactRow(contact.Id, contact.FirstName, contact.LastName, contact.JobTitle, contact.Email, contact.Phone, part.Part)).ToListAsync(ct);
    }
}
