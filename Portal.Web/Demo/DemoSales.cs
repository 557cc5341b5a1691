using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;

namespace Portal.Web.Demo;

/// <summary>A year of selling: each owner works through the own pipeline every other week, partners ask, colleagues comment, the channel manager shares.</summary>
internal sealed class DemoSales(DemoHouse house)
{
    public const int OpportunitiesPerScale = 250;
    public const decimal YuanPerEuro = 7.8m;

    /// <summary>Two weeks lie between two visits.</summary>
    private const int Visits = 26, DaysBetween = 14;
    private static readonly string[] Path = [StandardStages.Lead, StandardStages.Qualified, StandardStages.Opportunity, StandardStages.Proposal, StandardStages.Negotiation];

    private DateTimeOffset SharedAt => house.DayAgo(12, 10);
    private readonly List<Deed> _deeds = [];
    private readonly List<Product> _sold = [.. house.Products.Where(p => p.Lifecycle is Lifecycle.Active or Lifecycle.PhaseOut)];

    /// <summary>What somebody does at a time: changes what the own context tracks, and returns what is new.</summary>
    private sealed record Deed(DateTimeOffset At, Person Actor, Func<IEnumerable<object>> Act);

    public async Task AddAsync(CancellationToken ct)
    {
        for (var i = 0; i < OpportunitiesPerScale * house.Scale; i++) { Plan(i); }
        var channel = house.People["channel@portal.example"];
        _deeds.Add(new(SharedAt, channel, () => Shares(channel)));
        foreach (var visit in _deeds.OrderBy(d => d.At).GroupBy(d => (d.At, d.Actor.Id)))
        {
            house.Clock.MoveTo(visit.Key.At);
            var db = await house.AsAsync(visit.First().Actor, ct);
            db.AddRange(visit.SelectMany(deed => deed.Act()).ToArray());
            await db.SaveChangesAsync(ct);
            KeepOpenOnly(db);
        }
        foreach (var person in house.People.Values) { (await house.AsAsync(person, ct)).ChangeTracker.Clear(); }
    }

    private IEnumerable<Share> Shares(Person channel)
    {
        (string Key, FieldSet Fields, int Days)[] recipients =
        [
            (CompanyKey("DUNE"), FieldSet.Full, 60), (CompanyKey("CASCADE"), FieldSet.Summary, 30), (ScopeKeys.Tier(PartnerTier.Gold), FieldSet.Summary, 45), (ScopeKeys.Region("Europe"), FieldSet.Summary, 30),
            (CompanyKey("BAYSIDE"), FieldSet.Full, 90), (CompanyKey("ALPINE"), FieldSet.Summary, 60), (CompanyKey("CASCADE"), FieldSet.Full, 75), (ScopeKeys.Tier(PartnerTier.Silver), FieldSet.Summary, 120),
        ];
        var direct = house.Opportunities.Where(o => o.Partner is null && o.Written is { Outcome: StageKind.Open } written && written.OpenedOn < house.Today.AddDays(-21)).ToList();
        var shares = direct.Take(4 * recipients.Length * house.Scale).Select((plan, i) =>
        {
            var (key, fields, days) = recipients[i % recipients.Length];
            // Every fifth has ended already: the list of who could see it tells so.
            var until = i % 5 == 4 ? house.DayAgo(3) : house.DayAgo(-days);
            return ShareOf(key, RecordClass.Opportunity, plan.Written!.Id, fields, plan.Chinese ? "共同跟进" : "Worked on together", until, channel);
        });
        var served = house.Customers.Where(c => c.PartnerId == house.Partners["CASCADE"].Id).Take(3)
            .Select(c => ShareOf(CompanyKey("CASCADE"), RecordClass.Company, c.Id, FieldSet.Summary, "Customer served by the partner", house.DayAgo(-90), channel));
        return shares.Concat(served);
    }

    private string CompanyKey(string code) => ScopeKeys.Company(house.Partners[code].Id);

    private Share ShareOf(string key, RecordClass recordClass, long record, FieldSet fields, string reason, DateTimeOffset until, Person by) => new()
    {
        Id = house.NewId(), Key = key, RecordClass = recordClass, RecordId = record, Fields = fields, Actions = fields is FieldSet.Full && recordClass is RecordClass.Opportunity ? GrantActions.Read | GrantActions.Comment | GrantActions.Edit : GrantActions.Read,
        Reason = reason, Until = until, SharedBy = by.Id, SharedAt = SharedAt,
    };

    private void Plan(int index)
    {
        var dice = new Dice("opportunity", index);
        var block = index / OpportunitiesPerScale * DemoCompanies.CustomersPerScale;
        var customer = house.Customers[block + dice.Below(DemoCompanies.CustomersPerScale)];
        var owner = house.People.Values.Single(p => p.Id == customer.OwnerId);
        var partner = customer.PartnerId is { } id && dice.Chance(80) ? house.Partners.Values.Single(p => p.Id == id) : null;
        var plan = new OpportunityPlan(index, customer, owner, partner, customer.Country == "CN");
        house.Opportunities.Add(plan);

        var moves = Moves(dice, owner);
        var closes = Array.IndexOf(Path, moves[^1].Stage) < 0 ? DateOnly.FromDateTime(moves[^1].At.UtcDateTime) : (DateOnly?)null;
        _deeds.Add(new(moves[0].At, owner, () => [Write(plan, dice, moves[0], closes, isLast: moves.Count == 1)]));
        foreach (var (move, i) in moves.Skip(1).Select((m, i) => (m, i)))
        {
            var isLast = i == moves.Count - 2;
            _deeds.Add(new(move.At, owner, () => Move(plan, new Dice($"move {index}", i), move, closes, isLast)));
        }
        Talk(plan, moves[0].At);
    }

    /// <summary>From the first stage to wherever the sale has come by today.</summary>
    private List<(string Stage, DateTimeOffset At)> Moves(Dice dice, Person owner)
    {
        var at = Visit(owner, dice.Between(0, Visits));
        if (at > house.Now) { at = at.AddDays(-DaysBetween); }
        var step = dice.Chance(70) ? 0 : 1;
        var moves = new List<(string, DateTimeOffset)> { (Path[step], at) };
        while (true)
        {
            at = at.AddDays(DaysBetween * dice.Between(1, 5));
            var fate = dice.Below(100);
            if (at > house.Now) { return moves; }
            step++;
            var end = fate switch { < 10 => StandardStages.Lost, < 13 => StandardStages.Cancelled, < 32 when step == Path.Length => StandardStages.Lost, _ => step == Path.Length ? StandardStages.Won : null };
            moves.Add((end ?? Path[step], at));
            if (end is not null) { return moves; }
        }
    }

    /// <summary>The weekday and hour at which the person goes through the pipeline.</summary>
    private DateTimeOffset Visit(Person person, int visitsAgo)
    {
        var place = house.People.Values.TakeWhile(p => p != person).Count();
        var monday = house.DayAgo(((int)house.Today.DayOfWeek + 6) % 7 + DaysBetween * visitsAgo, 7 + place % 9, place % 60);
        return monday.AddDays(place % 5);
    }

    private Opportunity Write(OpportunityPlan plan, Dice dice, (string Stage, DateTimeOffset At) first, DateOnly? closes, bool isLast)
    {
        var (zh, id) = (plan.Chinese, house.NewId());
        var stage = house.Stages[first.Stage];
        var products = dice.Some(_sold, dice.Between(1, 4)).ToList();
        var category = DemoWords.Categories.First(c => c.Code == DemoWords.Products.First(p => products[0].Code.StartsWith($"{p.Prefix}-", StringComparison.Ordinal)).Category).Name;
        var project = dice.Of(DemoWords.Projects);
        var opened = DateOnly.FromDateTime(first.At.UtcDateTime);
        var opportunity = new Opportunity
        {
            Id = id, Number = Numbers.For("OP", id), Title = zh ? $"{project.Zh}{category.Zh}项目" : $"{category.En} for {project.En}", CustomerId = plan.Customer.Id, CustomerName = plan.Customer.Name,
            OwnerId = plan.Owner.Id, OwnerName = plan.Owner.Name, PartnerId = plan.Partner?.Id, TerritoryId = plan.Customer.TerritoryId, StageId = stage.Id, Currency = plan.Customer.Currency, OpenedOn = opened,
            Source = (plan.Partner is null ? dice.Of(DemoWords.Sources) : DemoWords.Sources[3]).In(zh), CompetitorId = dice.Chance(35) ? dice.Of(house.Competitors).Id : null,
            Description = dice.Chance(70) ? dice.Of(DemoWords.Descriptions).In(zh) : null, InternalNotes = dice.Chance(40) ? dice.Of(DemoWords.InternalNotes).In(zh) : null,
            CloseDate = closes?.AddDays(dice.Between(-20, 20)) ?? ExpectedClose(dice, first.Stage),
        };
        opportunity.Enter(stage, null, first.At, plan.Owner.Id, house.NewId());
        foreach (var product in products) { opportunity.Lines.Add(Line(dice, opportunity, product)); }
        opportunity.Amount = opportunity.Lines.Sum(l => l.LineTotal);
        foreach (var (contact, i) in dice.Some(house.Contacts[plan.Customer.Id], dice.Between(1, 3)).Select((c, i) => (c, i)))
        {
            opportunity.Contacts.Add(new OpportunityContact { OpportunityId = id, ContactId = contact.Id, Part = (i switch { 0 => new Words("Decision maker", "决策人"), 1 => new("Influencer", "影响者"), _ => new Words("User", "使用者") }).In(zh) });
        }
        if (isLast) { PlanNext(opportunity, dice, zh, first.Stage); }
        plan.Written = opportunity;
        return opportunity;
    }

    private OpportunityLine Line(Dice dice, Opportunity opportunity, Product product)
    {
        var list = product.ListPrice!.Value * (opportunity.Currency == "CNY" ? YuanPerEuro : 1m);
        var quantity = product.ListPrice < 50 ? dice.Between(5, 60) * 10 : dice.Between(2, 60);
        return OpportunityLine.Of(house.NewId(), opportunity.Id, product.Id, quantity, Math.Round(list * dice.Between(84, 100) / 100m, 2), dice.Chance(25) ? opportunity.CloseDate!.Value.AddDays(dice.Between(14, 70)) : null);
    }

    private IEnumerable<object> Move(OpportunityPlan plan, Dice dice, (string Stage, DateTimeOffset At) move, DateOnly? closes, bool isLast)
    {
        var (opportunity, zh) = (plan.Written!, plan.Chinese);
        var reason = move.Stage switch
        {
            StandardStages.Won => dice.Of(DemoWords.WonReasons).In(zh),
            StandardStages.Lost => dice.Of(DemoWords.LostReasons).In(zh),
            StandardStages.Cancelled => dice.Of(DemoWords.CancelReasons).In(zh),
            _ => null,
        };
        if (opportunity.MoveTo(house.Stages[move.Stage], reason, move.At, plan.Owner.Id, house.NewId()) is { } refusal) { throw new InvalidOperationException(refusal.Code); }
        if (isLast && closes is not null) { opportunity.CloseDate = closes; }
        else if (isLast) { PlanNext(opportunity, dice, zh, move.Stage); }
        return [];
    }

    private void PlanNext(Opportunity opportunity, Dice dice, bool chinese, string stage)
    {
        opportunity.CloseDate = ExpectedClose(dice, stage);
        (opportunity.NextStep, opportunity.NextStepOn) = (dice.Of(DemoWords.NextSteps).In(chinese), house.Today.AddDays(dice.Between(-3, 21)));
        if (dice.Chance(10)) { opportunity.Probability = Math.Clamp(opportunity.Probability + 10 * dice.Between(-2, 2), 5, 95); }
    }

    /// <summary>The earlier the stage, the further away; one in twelve is overdue.</summary>
    private DateOnly ExpectedClose(Dice dice, string stage) =>
        house.Today.AddDays(dice.Chance(8) ? -dice.Between(1, 20) : (Path.Length - Array.IndexOf(Path, stage)) * dice.Between(9, 26) + dice.Between(0, 12));

    /// <summary>The thread with the partner, and words inside the house.</summary>
    private void Talk(OpportunityPlan plan, DateTimeOffset opened)
    {
        var dice = new Dice("talk", plan.Index);
        var asker = plan.Partner is null ? null : DemoPeople.All.LastOrDefault(p => p.Company == plan.Partner.Code);
        if (asker is not null && dice.Chance(60))
        {
            var (question, answer) = dice.Of(DemoWords.SharedThreads);
            var person = house.People[asker.Email];
            Comment? asked = null;
            At(opened.AddDays(DaysBetween * dice.Between(1, 3)), person, at => asked = CommentOn(plan, person, question, at, null, plan.Partner!.Id, isInternal: false));
            At(opened.AddDays(DaysBetween * dice.Between(4, 5)), plan.Owner, at => CommentOn(plan, plan.Owner, answer, at, asked!.Id, null, isInternal: false));
        }
        if (dice.Chance(35))
        {
            var colleague = dice.Chance(50) ? plan.Owner : house.People[dice.Of(["salesmanager@portal.example", "channel@portal.example"])];
            At(opened.AddDays(DaysBetween * dice.Between(1, 4)), colleague, at => CommentOn(plan, colleague, dice.Of(DemoWords.InternalComments), at, null, null, isInternal: true));
        }

        void At(DateTimeOffset about, Person actor, Func<DateTimeOffset, Comment> say)
        {
            var at = Visit(actor, (house.Today.DayNumber - DateOnly.FromDateTime(about.UtcDateTime).DayNumber) / DaysBetween);
            if (at <= opened) { at = at.AddDays(DaysBetween); }
            if (about <= house.Now && at <= house.Now) { _deeds.Add(new(at, actor, () => [say(at)])); }
        }
    }

    private Comment CommentOn(OpportunityPlan plan, Person author, Words words, DateTimeOffset at, long? parent, long? company, bool isInternal) => new()
    {
        Id = house.NewId(), RecordClass = RecordClass.Opportunity, RecordId = plan.Written!.Id, ParentId = parent, AuthorId = author.Id, AuthorName = author.Name, AuthorCompanyId = company,
        Body = words.In(plan.Chinese), Internal = isInternal, At = at,
    };

    /// <summary>Closed sales change no more; forgetting them keeps every save as quick as the first.</summary>
    private static void KeepOpenOnly(PortalDbContext db)
    {
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        var open = db.ChangeTracker.Entries<Opportunity>().Where(e => e.Entity.Outcome is StageKind.Open).Select(e => e.Entity.Id).ToHashSet();
        foreach (var entry in db.ChangeTracker.Entries().ToArray())
        {
            var of = entry.Entity switch { Opportunity o => o.Id, OpportunityLine l => l.OpportunityId, OpportunityContact c => c.OpportunityId, StageChange s => s.OpportunityId, _ => 0 };
            if (!open.Contains(of)) { entry.State = EntityState.Detached; }
        }
        db.ChangeTracker.AutoDetectChangesEnabled = true;
    }
}
