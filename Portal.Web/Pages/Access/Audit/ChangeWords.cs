using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Web.Access;
using Portal.Web.Pages.Companies;
using Portal.Web.Pages.Documents;
using Portal.Web.Pages.Sales;
using Portal.Web.Pages.Supply;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Access.Audit;

/// <summary>What a field was and became, in the reader's words; empty for nothing.</summary>
public sealed record FieldChange(string Field, string Label, string From, string To);

/// <summary>
/// Tells the audit trail in the reader's words. It keeps the program's own: names of types and fields, and changes as an object of field to [from, to]. What has no words here is shown as it is kept, so
/// that nothing is ever hidden.
/// </summary>
public static class ChangeWords
{
    /// <summary>Between the kind of record and its changes, where both come as one text.</summary>
    public const string Break = "\n";

    private static readonly Dictionary<string, Type> s_types = typeof(Product).Assembly.GetTypes().Where(t => t is { IsClass: true, IsNested: false, Namespace: not null }).GroupBy(t => t.Name).ToDictionary(g => g.Key, g => g.First());

    public static string Entity(string name) => Find("audit.entity." + Display.Kebab(name)) ?? name;

    public static string Act(string act) => Find("audit.act." + act) ?? act;

    /// <summary>Where a delivery of demand figures came from: an opportunity, or what its sender calls it.</summary>
    public static string Origin(string kept) => kept.Split(':', 3) switch
    {
        ["opportunity", var opportunity] => $"{Entity(nameof(Opportunity))} {opportunity}",
        ["entered", "house", var product] => With("audit.origin.entered", product),
        ["entered", var company, var product] => With("audit.origin.entered-by", company, product),
        ["partner", var company, var name] => Labelled(company, name),
        _ => kept,
    };

    /// <summary>The door through which the change came: <c>page:/companies/1/edit</c>.</summary>
    public static string Door(string through)
    {
        var (kind, place) = through.Split(':', 2) is [var first, var rest] ? (first, rest) : (through, "");
        return Find("audit.door." + kind) is { } word ? place.Length == 0 ? word : Labelled(word, place) : through;
    }

    /// <param name="kept">The kind of record, <see cref="Break"/>, and its changes.</param>
    /// <param name="zone">The reader's, in which instants are told.</param>
    /// <returns>A line to read: <c>Name: Alpine → Alpine AG; City: Bern</c>.</returns>
    public static string Of(string kept, TimeZoneInfo zone)
    {
        var (entity, changes) = kept.Split(Break, 2) is [var first, var rest] ? (first, rest) : ("", kept);
        if (List(entity, changes, zone) is not { } told) { return changes; }
        var line = new StringBuilder(changes.Length);
        foreach (var change in told)
        {
            if (line.Length > 0) { line.Append(Language.IsChinese ? "；" : "; "); }
            line.Append(Labelled(change.Label, (change.From.Length > 0 ? change.From + " → " : "") + (change.To.Length > 0 ? change.To : Display.None)));
        }
        return line.ToString();
    }

    /// <returns>Null where the text is no object of fields.</returns>
    public static IReadOnlyList<FieldChange>? List(string entity, string changes, TimeZoneInfo zone)
    {
        if (changes.Length == 0) { return []; }
        try
        {
            using var kept = JsonDocument.Parse(changes);
            return kept.RootElement.ValueKind is JsonValueKind.Object && kept.RootElement.EnumerateObject().All(f => f.Value.ValueKind is JsonValueKind.Array && f.Value.GetArrayLength() == 2)
                ? [.. kept.RootElement.EnumerateObject().Select(f => new FieldChange(f.Name, Label(entity, f.Name), Value(entity, f.Name, f.Value[0], zone), Value(entity, f.Name, f.Value[1], zone)))]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>How Portal.Identity names what a company's log-in has several of.</summary>
    private const string Domain = "Domain ", FunctionFor = "Function for ", StatedBy = "stated by ";

    private static string Label(string entity, string field) => entity == CompanyLogInTrail.Entity && Several(field) is { } label ? label : Find($"audit.field.{Display.Kebab(entity)}.{Display.Kebab(field)}") ?? Find($"audit.field.{Display.Kebab(field)}") ?? field;

    private static string? Several(string field)
    {
        if (field.StartsWith(Domain, StringComparison.Ordinal)) { return With("audit.field.company-log-in.domain", field[Domain.Length..]); }
        return !field.StartsWith(FunctionFor, StringComparison.Ordinal) ? null : With("audit.field.company-log-in.function", field[FunctionFor.Length..] is var group && group == "*" ? Find("provider.everybody")! : group);
    }

    /// <summary>Changes of a company's log-in come in the words of Portal.Identity.</summary>
    private static string OfLogIn(string field, string text)
    {
        if (field.StartsWith(FunctionFor, StringComparison.Ordinal)) { return Find($"function.{text}") ?? text; }
        var isDomain = field.StartsWith(Domain, StringComparison.Ordinal);
        if (isDomain && text.StartsWith(StatedBy, StringComparison.Ordinal)) { return With("audit.value.company-log-in.stated-by", text[StatedBy.Length..]); }
        return isDomain || field is "Enabled" or "Admits" or "Forced" or "VouchesForEmails" or "ClientSecret"
            ? Find("audit.value.company-log-in." + text.Replace(",", "", StringComparison.Ordinal).Replace(' ', '-').ToLowerInvariant()) ?? text : text;
    }

    private static string With(string key, params object[] values) => string.Format(CultureInfo.CurrentCulture, Find(key)!, values);

    private static string Labelled(string label, string value) => With("label.value", label, value);

    private static string Value(string entity, string field, JsonElement value, TimeZoneInfo zone)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True: return Find("audit.yes")!;
            case JsonValueKind.False: return Find("audit.no")!;
            case JsonValueKind.Number: return value.GetRawText();
            case JsonValueKind.String: break;
            default: return "";
        }
        var text = value.GetString()!;
        if (entity == CompanyLogInTrail.Entity) { return OfLogIn(field, text); }
        if (EnumOf(entity, field) is { } type) { return string.Join(Find("list.words-separator"), text.Split(", ").Select(word => Find($"{Display.Kebab(type.Name)}.{Display.Kebab(word)}") ?? word)); }
        if (field == nameof(Share.Key)) { return Audience(text); }
        if (field == nameof(DemandBatch.Origin)) { return Origin(text); }
        if (text == "0" && field is nameof(Share.SharedBy) or nameof(AccessGrant.GrantedBy)) { return Find("audit.value.portal")!; }
        if (field is nameof(Company.Country)) { return Countries.Name(text)!; }
        if (field is nameof(Person.Language)) { return Find($"language.{text}") ?? text; }
        if (field == "Function") { return Find($"function.{text}") ?? text; }
        if (field == nameof(Product.Unit)) { return Display.Unit(text); }
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) { return Display.Date(day); }
        if (text.Length > 20 && DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) { return Display.Instant(at, zone); }
        return text;
    }

    /// <summary>For whom a grant or share is: a kind of partner in words, somebody single by the number.</summary>
    public static string Audience(string key) => key.Split(':', 2) switch
    {
        [ScopeKeys.AllPartners] => Find("audience.all-partners")!,
        [("kind" or "tier") and var by, var word] => With($"audience.{by}", Find($"audience.{by}.{word}") ?? word),
        ["region", var region] => With("audience.region", region),
        [_, var number] => number,
        _ => key,
    };

    private static Type? EnumOf(string entity, string field)
    {
        var type = s_types.GetValueOrDefault(entity)?.GetProperty(field, BindingFlags.Public | BindingFlags.Instance)?.PropertyType;
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type is { IsEnum: true } ? type : null;
    }

    private static string? Find(string key) => AreaTexts.Find(key, CultureInfo.CurrentUICulture);
}
