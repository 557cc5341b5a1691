using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>What staff fill in of an opportunity: a form, an API call.</summary>
public sealed record OpportunityDraft(string Title)
{
    public const int MostLines = 200;

    public long? CustomerId { get; init; }
    /// <summary>Null on creation: the asker.</summary>
    public long? OwnerId { get; init; }
    public long? PartnerId { get; init; }
    public long? TerritoryId { get; init; }
    /// <summary>Counts where there are no lines; otherwise their sum does.</summary>
    public decimal Amount { get; init; }
    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "EUR";
    /// <summary>Percent; null: the stage's.</summary>
    public int? Probability { get; init; }
    public DateOnly? CloseDate { get; init; }
    public string? Source { get; init; }
    public long? CompetitorId { get; init; }
    public string? NextStep { get; init; }
    public DateOnly? NextStepOn { get; init; }
    public string? Description { get; init; }
    public string? InternalNotes { get; init; }
    public IReadOnlyList<LineDraft> Lines { get; init; } = [];
    public IReadOnlyList<ContactDraft> Contacts { get; init; } = [];

    /// <param name="Id">Of the line that is changed; null for a new one.</param>
    /// <param name="Quantity">In the product's unit, above zero.</param>
    public sealed record LineDraft(long? Id, long ProductId, decimal Quantity, decimal UnitPrice, DateOnly? WantedOn = null);

    /// <param name="Part">Decision maker, user, influencer: the house's words.</param>
    public sealed record ContactDraft(long ContactId, string? Part);

    /// <summary>Writes the draft into the opportunity, or says why not. What a draft leaves as it was is not asked again: an owner who has left may stay on record.</summary>
    internal async Task<Refusal?> ApplyAsync(PortalDbContext db, Opportunity opportunity, SalesStage stage, CancellationToken ct)
    {
        if (CheckAlone(opportunity) is { } refusal) { return refusal; }
        if (await CheckCompaniesAsync(db, opportunity, ct) is { } company) { return company; }
        if (await CheckOwnerAsync(db, opportunity, ct) is { } owner) { return owner; }
        if (TerritoryId != opportunity.TerritoryId && TerritoryId is { } territory && !await db.Territories.AnyAsync(t => t.Id == territory, ct)) { return SalesRefusals.TerritoryUnknown; }
        if (await ApplyContactsAsync(db, opportunity, ct) is { } contact) { return contact; }
        if (await ApplyLinesAsync(db, opportunity, ct) is { } line) { return line; }

        opportunity.Title = Title;
        opportunity.PartnerId = PartnerId;
        opportunity.TerritoryId = TerritoryId;
        opportunity.CompetitorId = CompetitorId;
        opportunity.Currency = Currency;
        opportunity.Probability = Probability ?? stage.Probability;
        opportunity.CloseDate = CloseDate;
        opportunity.Source = Kept(Source);
        opportunity.NextStep = Kept(NextStep);
        opportunity.NextStepOn = NextStepOn;
        opportunity.Description = Kept(Description);
        opportunity.InternalNotes = Kept(InternalNotes);
        opportunity.Amount = opportunity.Lines.Count > 0 ? opportunity.Lines.Sum(l => l.LineTotal) : Money.Round(Amount);
        return opportunity.Amount > Opportunity.LargestAmount ? SalesRefusals.AmountOutOfRange : null;

        static string? Kept(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    private Refusal? CheckAlone(Opportunity opportunity)
    {
        if (string.IsNullOrWhiteSpace(Title)) { return SalesRefusals.TitleMissing; }
        (string Field, string? Text, int Most)[] texts =
        [
            (nameof(Title), Title, 200), (nameof(Source), Source, 60), (nameof(NextStep), NextStep, 200), (nameof(Description), Description, 4000), (nameof(InternalNotes), InternalNotes, 4000),
            .. Contacts.Select(c => (nameof(Contacts), c.Part, 40)),
        ];
        if (texts.FirstOrDefault(t => t.Text?.Trim().Length > t.Most) is { Field: not null } tooLong) { return SalesRefusals.TooLong(tooLong.Field, tooLong.Most); }
        if (!CurrencyCodes.IsKnown(Currency) && (opportunity.Version == 0 || Currency != opportunity.Currency)) { return SalesRefusals.CurrencyUnknown; }
        if (Amount is < 0 or > Opportunity.LargestAmount) { return SalesRefusals.AmountOutOfRange; }
        if (Probability is < 0 or > 100) { return SalesRefusals.ProbabilityOutOfRange; }
        if (Lines.Count > MostLines) { return SalesRefusals.TooManyLines(MostLines); }
        for (var i = 0; i < Lines.Count; i++)
        {
            if (Money.Round(Lines[i].Quantity) is <= 0 or > OpportunityLine.LargestQuantity) { return SalesRefusals.LineQuantityOutOfRange(i); }
            if (Lines[i].UnitPrice is < 0 or > Opportunity.LargestAmount || Lines[i].UnitPrice > Opportunity.LargestAmount / Lines[i].Quantity) { return SalesRefusals.LinePriceOutOfRange(i); }
        }
        return null;
    }

    private async Task<Refusal?> CheckCompaniesAsync(PortalDbContext db, Opportunity opportunity, CancellationToken ct)
    {
        var (wanted, before) = (new OpportunityCompanies(CustomerId, PartnerId, CompetitorId), OpportunityCompanies.Of(opportunity));
        var asked = wanted.New(before);
        var found = asked.Length == 0 ? [] : await db.Companies.Where(c => asked.Contains(c.Id)).InRoles().ToDictionaryAsync(c => c.Id, ct);
        if (wanted.Check(before, found) is { } refusal) { return refusal; }
        if (CustomerId != opportunity.CustomerId) { (opportunity.CustomerId, opportunity.CustomerName) = (CustomerId, CustomerId is { } c ? found[c].Name : ""); }
        return null;
    }

    private async Task<Refusal?> CheckOwnerAsync(PortalDbContext db, Opportunity opportunity, CancellationToken ct)
    {
        if (OwnerId == opportunity.OwnerId) { return null; }
        var name = OwnerId is { } owner ? await OwnerNameAsync(db, owner, ct) : "";
        if (name is null) { return SalesRefusals.OwnerUnknown; }
        (opportunity.OwnerId, opportunity.OwnerName) = (OwnerId, name);
        return null;
    }

    /// <returns>The name of an active member of staff; null for anybody else.</returns>
    internal static Task<string?> OwnerNameAsync(PortalDbContext db, long owner, CancellationToken ct) =>
        db.People.ActiveStaff().Where(p => p.Id == owner).Select(p => (string?)p.Name).FirstOrDefaultAsync(ct);

    private async Task<Refusal?> ApplyContactsAsync(PortalDbContext db, Opportunity opportunity, CancellationToken ct)
    {
        var parts = Contacts.DistinctBy(c => c.ContactId).ToDictionary(c => c.ContactId, c => string.IsNullOrWhiteSpace(c.Part) ? null : c.Part.Trim());
        long[] added = [.. parts.Keys.Except(opportunity.Contacts.Select(c => c.ContactId))];
        if (added.Length > 0 && await db.Contacts.CountAsync(c => added.Contains(c.Id), ct) != added.Length) { return SalesRefusals.ContactUnknown; }
        opportunity.Contacts.RemoveAll(c => !parts.ContainsKey(c.ContactId));
        foreach (var contact in opportunity.Contacts) { contact.Part = parts[contact.ContactId]; }
        opportunity.Contacts.AddRange(added.Select(id => new OpportunityContact { OpportunityId = opportunity.Id, ContactId = id, Part = parts[id] }));
        return null;
    }

    private async Task<Refusal?> ApplyLinesAsync(PortalDbContext db, Opportunity opportunity, CancellationToken ct)
    {
        var known = opportunity.Lines.ToDictionary(l => l.Id);
        if (Lines.Any(l => l.Id is { } id && !known.ContainsKey(id)) || Lines.Where(l => l.Id is not null).GroupBy(l => l.Id).Any(g => g.Count() > 1)) { return SalesRefusals.LineUnknown; }
        long[] asked = [.. Lines.Where(l => l.Id is null || known[l.Id.Value].ProductId != l.ProductId).Select(l => l.ProductId).Distinct()];
        var products = asked.Length == 0 ? [] : (await db.Products.Where(p => asked.Contains(p.Id)).Select(p => p.Id).ToListAsync(ct)).ToHashSet();
        for (var i = 0; i < Lines.Count; i++)
        {
            if (asked.Contains(Lines[i].ProductId) && !products.Contains(Lines[i].ProductId)) { return SalesRefusals.LineProductUnknown(i); }
        }
        var kept = Lines.Where(l => l.Id is not null).Select(l => l.Id!.Value).ToHashSet();
        opportunity.Lines.RemoveAll(l => !kept.Contains(l.Id));
        foreach (var line in Lines)
        {
            if (line.Id is not { } id)
            {
                opportunity.Lines.Add(OpportunityLine.Of(db.Ids.Next(), opportunity.Id, line.ProductId, line.Quantity, line.UnitPrice, line.WantedOn));
                continue;
            }
            known[id].ProductId = line.ProductId;
            known[id].WantedOn = line.WantedOn;
            known[id].Price(line.Quantity, line.UnitPrice);
        }
        return null;
    }
}
