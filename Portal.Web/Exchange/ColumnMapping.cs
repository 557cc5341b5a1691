using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Domain.Exchange;

namespace Portal.Web.Exchange;

/// <summary>Columns chosen by hand for the fields of one kind of record. It is written as a profile, so that one engine and one check serve both.</summary>
public sealed class ColumnMapping
{
    public const string SetName = "upload";

    /// <summary>With the year first a date can be read in one way only; those need no step, and stand for themselves beside others.</summary>
    private static readonly string[]
        s_dayFirst = [.. Timed("d/M/yyyy", "d.M.yyyy", "d-M-yyyy"), "d MMM yyyy", "d MMMM yyyy", "d-MMM-yyyy", .. Timed("yyyy-M-d", "yyyy/M/d")],
        s_monthFirst = [.. Timed("M/d/yyyy", "M-d-yyyy", "M.d.yyyy"), "M/d/yyyy h:mm tt", "M/d/yyyy h:mm:ss tt", "MMM d, yyyy", "MMMM d, yyyy", .. Timed("yyyy-M-d", "yyyy/M/d")];

    /// <summary>The source that the keys belong to: the same name and key next time means the same record.</summary>
    public string? Source { get; set; }
    /// <summary>The column that tells records apart; without one, what fills their key fields does.</summary>
    public string? Key { get; set; }
    /// <summary>Field to column; an empty column leaves the field as it is.</summary>
    public Dictionary<string, string?> Fields { get; set; } = [];
    /// <summary>For fields that point at other records: by which of their fields.</summary>
    public Dictionary<string, string?> By { get; set; } = [];
    /// <summary>What a field gets in rows whose column is empty, or in all without a column.</summary>
    public Dictionary<string, string?> Otherwise { get; set; } = [];
    /// <summary>What words of files mean that stand for nothing here; those of other files of the kind among them.</summary>
    public List<WordMeaning> Words { get; set; } = [];
    /// <summary>Null where the file leaves it open and nobody has said yet.</summary>
    public DateOrder? Dates { get; set; }
    public DecimalMark? Numbers { get; set; }

    public string? ColumnOf(string field) => Given(Fields, field);

    public string? OtherwiseOf(string field) => Given(Otherwise, field);

    /// <returns>By what other records are looked up; null for their keys in the source.</returns>
    public string? ByOf(string field) => Given(By, field);

    /// <returns>Null where nobody said it.</returns>
    public WordMeaning? MeaningOf(string field, string word) => Words.Find(w => w.Field == field && w.Word.Equals(word, StringComparison.OrdinalIgnoreCase));

    public void Means(WordMeaning meaning)
    {
        Forget(meaning.Field, meaning.Word);
        Words.Add(meaning);
    }

    public void Forget(string field, string word) => Words.RemoveAll(w => w == MeaningOf(field, word));

    public bool Fills(string field) => ColumnOf(field) is not null || OtherwiseOf(field) is not null;

    /// <summary>Whether every column that it names is there.</summary>
    public bool Fits(IReadOnlyList<string> columns) => Fields.Values.Append(Key).All(column => string.IsNullOrEmpty(column) || columns.Contains(column, StringComparer.OrdinalIgnoreCase));

    /// <summary>Columns that bear a field's name, in words of the program, of any language of the house, or of other systems; what is surer goes first, and no column fills two fields.</summary>
    /// <param name="labels">What pages call a field (<c>field.name</c>) or a kind of record (<c>kind.company</c>).</param>
    /// <param name="cells">What stands in the first rows of a column; null where a cell is empty.</param>
    public static ColumnMapping Guess(IImportSchema schema, IReadOnlyList<string> columns, IReadOnlyDictionary<string, IImportSchema> schemas, Func<string, IEnumerable<string>> labels, Func<string, IReadOnlyList<object?>> cells)
    {
        var mapping = new ColumnMapping { Source = SetName };
        var open = columns.GroupBy(ColumnNames.Plain).Where(g => g.Key.Length > 0).ToDictionary(g => g.Key, g => g.First());
        var own = labels($"kind.{schema.Kind}").Append(schema.Kind).Select(ColumnNames.Plain).ToList();
        foreach (var field in schema.Fields.Where(f => f.Refers is null)) { Take(field, Names(field), null); }
        // Beside a name, a code is surer.
        foreach (var field in schema.Fields) { LookedUp(field, by => by is not "name"); }
        foreach (var field in schema.Fields) { Take(field, [.. Names(field), .. own.SelectMany(kind => Names(field).Select(name => kind + name))], null); }
        foreach (var field in schema.Fields) { LookedUp(field, by => by is "name"); }
        foreach (var field in schema.Fields) { Take(field, ColumnNames.Of(schema.Kind, field.Name), null); }
        TakeWholeNames();
        foreach (var field in schema.Fields.Where(f => f.Refers is not null && mapping.ColumnOf(f.Name) is not null))
        {
            // A column that bears the name of the other record alone mostly holds that one's name.
            var lookUps = schemas[field.Refers!].LookupFields;
            mapping.By[field.Name] = mapping.By.GetValueOrDefault(field.Name)
                ?? (lookUps.Contains("email") && cells(mapping.ColumnOf(field.Name)!).OfType<string>().FirstOrDefault()?.Contains('@') is true ? "email" : lookUps.Contains("name") ? "name" : lookUps is [var only, ..] ? only : null);
        }
        mapping.Key = columns.FirstOrDefault(c => ColumnNames.Plain(c) is var name && (name is "id" or "key" or "externalid" || own.Exists(kind => name == kind + "id")))
            ?? schema.LookupFields.Select(mapping.ColumnOf).FirstOrDefault(c => c is not null && cells(c).All(cell => cell is not null));
        return mapping;

        IEnumerable<string> Names(ImportField field) => labels($"field.{field.Name}").Prepend(field.Name);

        void LookedUp(ImportField field, Func<string, bool> among)
        {
            foreach (var by in field.Refers is { } refers ? schemas[refers].LookupFields.Where(among) : [])
            {
                Take(field, Names(field).Concat(ColumnNames.Of(schema.Kind, field.Name)).SelectMany(name => ColumnNames.Endings(by), (name, ending) => name + ending), by);
                if (field.Refers == field.Name) { Take(field, ColumnNames.Of(field.Refers, by), by); }
            }
        }

        void TakeWholeNames()
        {
            if (schema.Fields.FirstOrDefault(f => f.Name == "lastName") is not { } last || mapping.ColumnOf(last.Name) is not null) { return; }
            // Beside first names, "Name" is the other one.
            var whole = mapping.ColumnOf("firstName") is null;
            Take(last, ColumnNames.Of(schema.Kind, whole ? "wholeName" : "otherName"), null);
            if (whole && mapping.ColumnOf(last.Name) is { } column) { mapping.Fields["firstName"] = column; }
        }

        void Take(ImportField field, IEnumerable<string> names, string? by)
        {
            if (mapping.ColumnOf(field.Name) is not null || names.Select(ColumnNames.Plain).FirstOrDefault(open.ContainsKey) is not { } found) { return; }
            mapping.Fields[field.Name] = open[found];
            if (by is not null) { mapping.By[field.Name] = by; }
            open.Remove(found);
        }
    }

    /// <param name="dates">How the file writes dates, whether chosen or found.</param>
    /// <param name="words">What pages call the words of a field, in every language, and the word.</param>
    public string ToProfile(IImportTarget target, DateOrder dates, DecimalMark numbers, Func<ImportField, IEnumerable<(string Label, string Word)>> words)
    {
        var fields = new JsonObject();
        foreach (var field in target.Fields)
        {
            if (ColumnOf(field.Name) is not { } column)
            {
                if (OtherwiseOf(field.Name) is { } constant) { fields[field.Name] = Found(field, new JsonObject { ["constant"] = constant }); }
                continue;
            }
            JsonArray steps = [.. Steps(field, dates, numbers, words(field))];
            var value = new JsonObject { ["column"] = column };
            if (steps.Count > 0) { value["steps"] = steps; }
            fields[field.Name] = Found(field, value);
        }
        string[] match = [.. target.LookupFields.Where(l => ColumnOf(l) is { } column && (target.UniqueFields.Contains(l) || column == Key)), .. target.OnePerPlace ? [IImportSchema.Place] : Array.Empty<string>()];
        return Profile(string.IsNullOrWhiteSpace(Source) ? SetName : Source.Trim(), target.Kind, KeyOf(target), fields, match);
    }

    /// <summary>Whether something is said to tell records apart by.</summary>
    public bool HasKey(IImportSchema schema) => KeyOf(schema) is not null;

    private JsonNode? KeyOf(IImportSchema schema)
    {
        if (!string.IsNullOrEmpty(Key)) { return JsonValue.Create(Key); }
        // What is the same for the whole file tells its records from those of other files.
        return OfFields(schema.KeyFields) ?? OfFields(schema.OtherKeyFields);

        JsonNode? OfFields(IReadOnlyList<string> fields)
        {
            var parts = fields.Select(field => ColumnOf(field) is { } column ? $"{{{column}}}" : OtherwiseOf(field)?.Replace('{', '(').Replace('}', ')')).OfType<string>().ToList();
            return parts.Exists(part => part[0] == '{') ? new JsonObject { ["template"] = string.Join(" / ", parts) } : null;
        }
    }

    /// <summary>A profile that maps nothing yet: to open the file with.</summary>
    public static string Bare(IImportSchema schema) => Profile(SetName, schema.Kind, "#1", [.. schema.Fields.Where(f => f.Required).Select(f => KeyValuePair.Create(f.Name, (JsonNode?)"#1"))], []);

    private IEnumerable<JsonNode> Steps(ImportField field, DateOrder dates, DecimalMark numbers, IEnumerable<(string Label, string Word)> words)
    {
        var map = new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true });
        foreach (var (label, word) in Words.Where(w => w.Field == field.Name).Select(w => (w.Word, w.Means)).Concat(words.Select(w => (w.Label, (string?)w.Word)))) { map.TryAdd(label, word); }
        if (PartOfName(field.Name) is { } part) { yield return part; }
        if (map.Count > 0) { yield return field.Type is ImportFieldType.Words ? new JsonObject { ["map"] = map, ["each"] = true } : new JsonObject { ["map"] = map }; }
        if (field.Type is ImportFieldType.Number or ImportFieldType.WholeNumber) { yield return new JsonObject { ["number"] = numbers is DecimalMark.Comma ? "de-DE" : "en" }; }
        if (field.Type is ImportFieldType.Date or ImportFieldType.Instant && dates is not DateOrder.YearFirst)
        {
            yield return new JsonObject { ["date"] = new JsonArray([.. (dates is DateOrder.DayFirst ? s_dayFirst : s_monthFirst).Select(format => JsonValue.Create(format))]), ["culture"] = "en" };
        }
        if (OtherwiseOf(field.Name) is { } otherwise) { yield return new JsonObject { ["default"] = otherwise }; }
    }

    /// <returns>The step that takes a name out of a column that holds whole names: it is there for both.</returns>
    private string? PartOfName(string field) => ColumnOf("firstName") is { } column && column == ColumnOf("lastName")
        ? field switch { "firstName" => ProfileReader.GivenName, "lastName" => ProfileReader.FamilyName, _ => null }
        : null;

    private JsonObject Found(ImportField field, JsonObject value)
    {
        if (field.Refers is not null && ByOf(field.Name) is { } by) { value["by"] = by; }
        return value;
    }

    private static string? Given(Dictionary<string, string?> all, string field) => all.GetValueOrDefault(field) is { Length: > 0 } value ? value : null;

    private static IEnumerable<string> Timed(params ReadOnlySpan<string> dates)
    {
        var formats = new List<string>();
        foreach (var date in dates) { formats.AddRange([date, $"{date} H:mm", $"{date} H:mm:ss"]); }
        return formats;
    }

    private static string Profile(string source, string kind, JsonNode? key, JsonObject fields, string[] match)
    {
        var set = new JsonObject { ["name"] = SetName, ["kind"] = kind, ["file"] = ImportDelivery.MappedFile, ["fields"] = fields };
        if (key is not null) { set["key"] = key; }
        if (match.Length > 0) { set["match"] = new JsonArray([.. match.Select(field => JsonValue.Create(field))]); }
        return new JsonObject
        {
            ["title"] = kind,
            ["source"] = source,
            ["files"] = new JsonObject { [ImportDelivery.MappedFile] = "*" },
            ["records"] = new JsonArray(set),
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
