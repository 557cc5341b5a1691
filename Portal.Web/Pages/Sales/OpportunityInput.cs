using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Sales;

/// <summary>What the browser may post of an opportunity.</summary>
public sealed class OpportunityInput
{
    public long Version { get; set; }
    [Display(Name = "opportunity.title"), Required, StringLength(200)] public string Title { get; set; } = "";
    [Display(Name = "opportunity.customer"), LookUp("company")] public long? CustomerId { get; set; }
    [Display(Name = "opportunity.owner"), LookUp("person")] public long? OwnerId { get; set; }
    [Display(Name = "opportunity.partner"), LookUp("partner")] public long? PartnerId { get; set; }
    [Display(Name = "opportunity.territory"), LookUp("territory")] public long? TerritoryId { get; set; }
    /// <summary>On creation only.</summary>
    [Display(Name = "opportunity.stage")] public long? StageId { get; set; }
    [Display(Name = "opportunity.outcome-reason"), StringLength(Opportunity.LongestReason)] public string? OutcomeReason { get; set; }
    [Display(Name = "opportunity.amount"), Range(typeof(decimal), "0", "99999999999", ParseLimitsInInvariantCulture = true)] public decimal? Amount { get; set; }
    public string Currency { get; set; } = "EUR";
    [Display(Name = "opportunity.probability"), Range(0, 100)] public int? Probability { get; set; }
    [Display(Name = "opportunity.close")] public DateOnly? CloseDate { get; set; }
    [Display(Name = "opportunity.source"), StringLength(60)] public string? Source { get; set; }
    [Display(Name = "opportunity.competitor"), LookUp("competitor")] public long? CompetitorId { get; set; }
    [Display(Name = "opportunity.next-step"), StringLength(200)] public string? NextStep { get; set; }
    [Display(Name = "opportunity.next-step-on")] public DateOnly? NextStepOn { get; set; }
    [Display(Name = "opportunity.description"), StringLength(4000)] public string? Description { get; set; }
    [Display(Name = "opportunity.internal-notes"), StringLength(4000)] public string? InternalNotes { get; set; }
    [MaxLength(OpportunityDraft.MostLines)] public List<LineInput> Lines { get; set; } = [];
    [MaxLength(50)] public List<ContactInput> Contacts { get; set; } = [];

    /// <summary>A row of the lines; one without product, quantity and price is not filled in and does not count.</summary>
    public sealed class LineInput
    {
        public long? Id { get; set; }
        [Display(Name = "line.product"), LookUp("product")] public long? ProductId { get; set; }
        [Display(Name = "line.quantity")] public decimal? Quantity { get; set; }
        [Display(Name = "line.unit-price")] public decimal? UnitPrice { get; set; }
        [Display(Name = "line.wanted-on")] public DateOnly? WantedOn { get; set; }
        [Display(Name = "line.remove")] public bool Remove { get; set; }

        public bool Counts => !Remove && (ProductId is not null || Quantity is not null || UnitPrice is not null);
    }

    public sealed class ContactInput
    {
        [Display(Name = "opportunity.contact"), LookUp("contact")] public long? ContactId { get; set; }
        [Display(Name = "opportunity.contact-part"), StringLength(40)] public string? Part { get; set; }
        [Display(Name = "opportunity.contact-remove")] public bool Remove { get; set; }
    }

    /// <summary>Throws away the rows that are not filled in, so that the numbers in refusals are those of the rows on the page.</summary>
    public void Tidy()
    {
        Lines.RemoveAll(l => !l.Counts);
        Contacts.RemoveAll(c => c.Remove || c.ContactId is null);
    }

    /// <summary>A line without a price gets the product's list price, where that is in the opportunity's currency.</summary>
    public async Task PriceAsync(PortalDbContext db, CancellationToken ct)
    {
        var unpriced = Lines.FindAll(l => l is { UnitPrice: null, ProductId: not null });
        if (unpriced.Count == 0) { return; }
        var (ids, currency) = (unpriced.ConvertAll(l => l.ProductId!.Value), Currency);
        var prices = await db.Products.Where(p => ids.Contains(p.Id) && p.Currency == currency && p.ListPrice != null).Select(p => new { p.Id, p.ListPrice }).ToDictionaryAsync(p => p.Id, p => p.ListPrice, ct);
        foreach (var line in unpriced) { line.UnitPrice = prices.GetValueOrDefault(line.ProductId!.Value); }
    }

    public OpportunityDraft ToDraft() => new(Title)
    {
        CustomerId = CustomerId, OwnerId = OwnerId, PartnerId = PartnerId, TerritoryId = TerritoryId, Amount = Amount ?? 0, Currency = Currency, Probability = Probability,
        CloseDate = CloseDate, Source = Source, CompetitorId = CompetitorId, NextStep = NextStep, NextStepOn = NextStepOn, Description = Description, InternalNotes = InternalNotes,
        Lines = [.. Lines.Select(l => new OpportunityDraft.LineDraft(l.Id, l.ProductId ?? 0, l.Quantity ?? 0, l.UnitPrice ?? 0, l.WantedOn))],
        Contacts = [.. Contacts.Select(c => new OpportunityDraft.ContactDraft(c.ContactId!.Value, c.Part))],
    };

    /// <param name="stageProbability">The stage's own; the opportunity's is shown only where somebody set it.</param>
    public static OpportunityInput Of(OpportunityForStaff o, int stageProbability, IEnumerable<OpportunityLineRow> lines, IEnumerable<OpportunityContactRow> contacts) => new()
    {
        Version = o.Version, Title = o.Title, CustomerId = o.CustomerId, OwnerId = o.OwnerId, PartnerId = o.PartnerId, TerritoryId = o.TerritoryId, StageId = o.StageId, Amount = o.Amount,
        Currency = o.Currency, Probability = o.Probability == stageProbability ? null : o.Probability, CloseDate = o.CloseDate, Source = o.Source, CompetitorId = o.CompetitorId,
        NextStep = o.NextStep, NextStepOn = o.NextStepOn, Description = o.Description, InternalNotes = o.InternalNotes,
        Lines = [.. lines.Select(l => new LineInput { Id = l.Id, ProductId = l.ProductId, Quantity = l.Quantity, UnitPrice = l.UnitPrice, WantedOn = l.WantedOn })],
        Contacts = [.. contacts.Select(c => new ContactInput { ContactId = c.ContactId, Part = c.Part })],
    };
}
