using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Domain.Common;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Api;

/// <summary>
/// Values of a list's columns for programs: exact and in no language. Ids and decimals are texts, since programs would read them as floating numbers; days are
/// <c>2026-01-31</c>, instants UTC; what is absent is null.
/// </summary>
internal static class ApiValues
{
    public static void Write(Utf8JsonWriter json, ListColumn column, object?[] row, int at)
    {
        switch (column.Form)
        {
            case ValueForm.Words:
                json.WriteStartArray();
                foreach (var word in ((WordsColumn)column).Holding(row, at)) { json.WriteStringValue(word.ToString()); }
                json.WriteEndArray();
                break;
            case ValueForm.Record when row[at] is not null || row[at + 1] is not null:
                json.WriteStartObject();
                if (row[at + 1] is long id) { json.WriteString("id", Text(id)); } else { json.WriteNull("id"); }
                json.WriteString("name", (string?)row[at]);
                json.WriteEndObject();
                break;
            case ValueForm.Name when row[at] is string name:
                json.WriteStartObject();
                json.WriteString("en", name);
                json.WriteString("zh-Hans", row[at + 1] is string { Length: > 0 } chinese ? chinese : name);
                json.WriteEndObject();
                break;
            case ValueForm.Money when row[at] is decimal amount:
                json.WriteStartObject();
                json.WriteString("amount", Text(amount));
                json.WriteString("currency", (string?)row[at + 1]);
                json.WriteEndObject();
                break;
            case ValueForm.YesNo: json.WriteBooleanValue(row[at] is true); break;
            case ValueForm.Whole when row[at] is { } number: json.WriteNumberValue(Convert.ToInt64(number, CultureInfo.InvariantCulture)); break;
            case ValueForm.Exact when row[at] is decimal number: json.WriteStringValue(Text(number)); break;
            case ValueForm.Date when row[at] is DateOnly date: json.WriteStringValue(Text(date)); break;
            case ValueForm.Instant when row[at] is DateTimeOffset instant: json.WriteStringValue(Text(instant)); break;
            case ValueForm.Word when row[at] is { } word: json.WriteStringValue(word.ToString()); break;
            case ValueForm.Text when row[at] is string text: json.WriteStringValue(text); break;
            default: json.WriteNullValue(); break;
        }
    }

    public static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Without zeros that say nothing.</summary>
    public static string Text(decimal number) => number.ToString("0.####", CultureInfo.InvariantCulture);

    public static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A decimal as the API writes it; a JSON number is taken too.</summary>
    public static bool TryRead(JsonElement value, out decimal number)
    {
        number = 0;
        return (value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out number)
            || value.ValueKind is JsonValueKind.String && decimal.TryParse(value.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)) && Math.Abs(number) <= Money.Largest;
    }

    public static bool TryRead(string? text, out DateOnly date) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    /// <summary>JSON Schema of what <see cref="Write"/> writes.</summary>
    public static JsonObject Schema(ListColumn column) => column.Form switch
    {
        ValueForm.Words => new() { ["type"] = "array", ["items"] = Words(column.Options, nullable: false) },
        ValueForm.Word => Words(column.Options, nullable: true),
        ValueForm.Record => new() { ["type"] = Nullable("object"), ["properties"] = new JsonObject { ["id"] = Of(Nullable("string")), ["name"] = Of(Nullable("string")) } },
        ValueForm.Name => new() { ["type"] = Nullable("object"), ["properties"] = new JsonObject { ["en"] = Of("string"), ["zh-Hans"] = Of("string") } },
        ValueForm.Money => new() { ["type"] = Nullable("object"), ["properties"] = new JsonObject { ["amount"] = Of("string", "decimal"), ["currency"] = Of("string") } },
        ValueForm.YesNo => Of("boolean"),
        ValueForm.Whole => Of(Nullable("integer")),
        ValueForm.Exact => Of(Nullable("string"), "decimal"),
        ValueForm.Date => Of(Nullable("string"), "date"),
        ValueForm.Instant => Of(Nullable("string"), "date-time"),
        _ => Of(Nullable("string")),
    };

    public static JsonObject Of(JsonNode type, string? format = null) => format is null ? new() { ["type"] = type } : new() { ["type"] = type, ["format"] = format };

    private static JsonArray Nullable(string type) => new(type, "null");

    private static JsonObject Words(IEnumerable<string> words, bool nullable)
    {
        JsonArray all = [.. words.Select(word => JsonValue.Create(word))];
        if (nullable) { all.Add(null); }
        return new() { ["enum"] = all };
    }
}
