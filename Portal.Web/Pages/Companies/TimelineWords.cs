using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;

namespace Portal.Web.Pages.Companies;

/// <summary>
/// Tells the story in words: who did what, and what changed from what to what. Ids become names, stored words become the reader's; what the reader may not
/// see has no name here. At most four questions to the database, however long the page.
/// </summary>
public sealed class TimelineWords(PortalDbContext db, IHttpContextAccessor http, IStringLocalizer<CompaniesText> text, IStringLocalizer<UiText> ui)
{
    /// <summary>Long texts are cut: the timeline tells that a note changed, not the note.</summary>
    private const int Longest = 80;

    /// <summary>Copies and ids that tell a reader nothing the other fields do not.</summary>
    private static readonly HashSet<string> Untold = ["CustomerName", "OwnerName", "StageSince", "ClosedAt", "Issuer", "Subject"];

    private static readonly HashSet<string> PointsAtPeople = ["OwnerId"], PointsAtCompanies = ["ParentId", "PartnerId", "CustomerId", "CompetitorId", "CompanyId"],
        PointsAtTerritories = ["TerritoryId"], PointsAtStages = ["StageId"], PointsAtContacts = ["ManagerId"];

    private static readonly Dictionary<string, Type> Words = new()
    {
        [nameof(Company.Tier)] = typeof(PartnerTier), [nameof(Company.Size)] = typeof(CompanySize), [nameof(Contact.Consent)] = typeof(Consent), [nameof(Company.Status)] = typeof(CompanyStatus),
        ["Outcome"] = typeof(Portal.Domain.Sales.StageKind),
    };

    private sealed record Told(TimelineEntry Entry, IReadOnlyList<(string Field, JsonElement From, JsonElement To)> Changes);

    public async Task<IReadOnlyList<TimelineItem>> ItemsAsync(IReadOnlyList<TimelineEntry> entries, CancellationToken ct)
    {
        var told = entries.Select(e => new Told(e, ChangesOf(e))).ToList();
        var names = await NamesAsync(told, ct);
        return [.. told.Select(t => new TimelineItem(t.Entry.At, Icon(t.Entry.Kind), Sentence(t.Entry), t.Entry.PersonName, string.Join(ui["list.words-separator"], t.Changes.Select(c => Change(c.Field, c.From, c.To, names))), PathOf(t.Entry)))];
    }

    /// <summary>The act as a sentence: "Opportunity opened: Harbour crane".</summary>
    public string Sentence(TimelineEntry entry) =>
        text["timeline." + entry.Kind] is { ResourceNotFound: false } ? text["timeline." + entry.Kind, entry.Title].Value : text["timeline.other", entry.Title].Value;

    public static string? PathOf(TimelineEntry entry) => entry.Kind.Split('.')[0] switch
    {
        "opportunity" => $"/opportunities/{entry.RecordId}",
        "comment" => $"/opportunities/{entry.RecordId}#comments",
        "contact" => $"/contacts/{entry.RecordId}",
        "document" => $"/documents/{entry.RecordId}",
        _ => null,
    };

    public static string Icon(string kind) => kind switch
    {
        "company.created" => "building",
        "company.changed" or "contact.changed" or "opportunity.changed" => "edit",
        "contact.created" => "user-plus",
        "opportunity.created" => "target-arrow",
        "comment.created" => "message",
        _ => kind.EndsWith(".deleted", StringComparison.Ordinal) ? "trash" : "point",
    };

    private string Change(string field, JsonElement from, JsonElement to, Dictionary<long, string> names)
    {
        var label = text["timeline.field." + Display.Kebab(field)] is { ResourceNotFound: false } known ? known.Value : field;
        var (old, now) = (Value(field, from, names), Value(field, to, names));
        return (old.Length, now.Length) switch
        {
            (0, 0) => text["timeline.field-changed", label],
            (0, _) => text["timeline.field-set", label, now],
            (_, 0) => text["timeline.field-cleared", label, old],
            _ => text["timeline.field-from-to", label, old, now],
        };
    }

    private string Value(string field, JsonElement value, Dictionary<long, string> names)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True: return ui["form.yes"];
            case JsonValueKind.False: return ui["form.no"];
            case JsonValueKind.Number when field is nameof(Company.FoundedYear): return value.GetRawText();
            case JsonValueKind.Number: return Display.Number(value.GetDecimal());
            case JsonValueKind.String: break;
            default: return "";
        }
        var words = value.GetString()!;
        if (field.EndsWith("Id", StringComparison.Ordinal) && long.TryParse(words, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && PointsAt(field)) { return names.GetValueOrDefault(id, ""); }
        if (Words.TryGetValue(field, out var type) && Enum.TryParse(type, words, out var word)) { return text[Display.Key((Enum)word!)]; }
        if (field is nameof(Company.Country)) { return Countries.Name(words) ?? words; }
        if (DateOnly.TryParseExact(words, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) { return Display.Date(date); }
        if (words.Length > 20 && DateTimeOffset.TryParseExact(words, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)) { return Display.Instant(instant, Viewer.Of(http.HttpContext!).TimeZone); }
        return words.Length > Longest ? words[..Longest] + "…" : words;
    }

    private static bool PointsAt(string field) =>
        PointsAtPeople.Contains(field) || PointsAtCompanies.Contains(field) || PointsAtTerritories.Contains(field) || PointsAtStages.Contains(field) || PointsAtContacts.Contains(field);

    private static List<(string, JsonElement, JsonElement)> ChangesOf(TimelineEntry entry)
    {
        if (entry.Changes.Length == 0) { return []; }
        using var json = JsonDocument.Parse(entry.Changes);
        return [.. json.RootElement.EnumerateObject().Where(p => !Untold.Contains(p.Name) && p.Value.ValueKind is JsonValueKind.Array && p.Value.GetArrayLength() == 2)
            .Select(p => (p.Name, p.Value[0].Clone(), p.Value[1].Clone()))];
    }

    private async Task<Dictionary<long, string>> NamesAsync(List<Told> told, CancellationToken ct)
    {
        Dictionary<long, string> names = [];
        // One question for people and companies, whose names are columns of one width; the others come up more rarely.
        if ((Ids(PointsAtPeople), Ids(PointsAtCompanies)) is var (people, companies) && people.Length + companies.Length > 0)
        {
            foreach (var x in await db.People.Where(p => people.Contains(p.Id)).Select(p => new { p.Id, p.Name })
                .Concat(db.Companies.Where(c => companies.Contains(c.Id)).Select(c => new { c.Id, c.Name })).ToListAsync(ct)) { names[x.Id] = x.Name; }
        }
        if (Ids(PointsAtTerritories) is { Length: > 0 } territories)
        {
            foreach (var x in await db.Territories.Where(t => territories.Contains(t.Id)).Select(t => new { t.Id, t.Name }).ToListAsync(ct)) { names[x.Id] = x.Name; }
        }
        if (Ids(PointsAtStages) is { Length: > 0 } stages)
        {
            foreach (var x in await db.Stages.AsNoTracking().Where(s => stages.Contains(s.Id)).ToListAsync(ct)) { names[x.Id] = x.NameIn(CultureInfo.CurrentUICulture.Name); }
        }
        if (Ids(PointsAtContacts) is { Length: > 0 } contacts)
        {
            foreach (var x in await db.Contacts.Where(c => contacts.Contains(c.Id)).Select(c => new { c.Id, c.FirstName, c.LastName }).ToListAsync(ct)) { names[x.Id] = PersonName.Full(x.FirstName, x.LastName); }
        }
        return names;

        long[] Ids(HashSet<string> fields) => [.. told.SelectMany(t => t.Changes).Where(c => fields.Contains(c.Field)).SelectMany(c => new[] { c.From, c.To })
            .Where(v => v.ValueKind is JsonValueKind.String).Select(v => long.TryParse(v.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0).Distinct()];
    }
}
