using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Domain.Exchange;
using Portal.Web.Exchange;

namespace Portal.Web.Pages.Exchange.Imports;

/// <summary>Columns chosen by hand for the fields of one kind of record. It is written as a profile, so that one engine and one check serve both.</summary>
public sealed class ColumnMapping
{
    public const string SetName = "upload";

    /// <summary>The source that the keys belong to: the same name and key next time means the same record.</summary>
    public string? Source { get; set; }
    /// <summary>The column that tells records apart.</summary>
    public string? Key { get; set; }
    /// <summary>Field to column; an empty column leaves the field as it is.</summary>
    public Dictionary<string, string?> Fields { get; set; } = [];
    /// <summary>For fields that point at other records: by which of their fields.</summary>
    public Dictionary<string, string?> By { get; set; } = [];

    public string? ColumnOf(string field) => Fields.GetValueOrDefault(field) is { Length: > 0 } column ? column : null;

    /// <summary>Columns that bear a field's name, in the program's or the reader's words.</summary>
    public static ColumnMapping Guess(IImportSchema schema, IReadOnlyList<string> columns, Func<string, string> label)
    {
        var mapping = new ColumnMapping { Source = SetName };
        foreach (var field in schema.Fields)
        {
            mapping.Fields[field.Name] = columns.FirstOrDefault(c => Plain(c) == Plain(field.Name) || Plain(c) == Plain(label(field.Name)));
        }
        mapping.Key = columns.FirstOrDefault(c => Plain(c) is "id" or "key" or "externalid") ?? schema.LookupFields.Select(mapping.ColumnOf).FirstOrDefault(c => c is not null);
        return mapping;

        static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
    }

    public string ToProfile(IImportSchema schema)
    {
        var fields = new JsonObject();
        foreach (var field in schema.Fields)
        {
            if (ColumnOf(field.Name) is not { } column) { continue; }
            fields[field.Name] = field.Type is ImportFieldType.Reference && By.GetValueOrDefault(field.Name) is { Length: > 0 } by
                ? new JsonObject { ["column"] = column, ["by"] = by }
                : JsonValue.Create(column);
        }
        return Profile(string.IsNullOrWhiteSpace(Source) ? SetName : Source.Trim(), schema.Kind, string.IsNullOrEmpty(Key) ? null : Key, fields);
    }

    /// <summary>A profile that maps nothing yet: to open the file with.</summary>
    public static string Bare(IImportSchema schema) => Profile(SetName, schema.Kind, "#1", [.. schema.Fields.Where(f => f.Required).Select(f => KeyValuePair.Create(f.Name, (JsonNode?)"#1"))]);

    public static ColumnMapping FromProfile(string json)
    {
        var root = JsonNode.Parse(json)!;
        var set = root["records"]![0]!;
        var mapping = new ColumnMapping { Source = (string?)root["source"], Key = (string?)set["key"] };
        foreach (var (name, value) in set["fields"]!.AsObject())
        {
            mapping.Fields[name] = value is JsonObject rule ? (string?)rule["column"] : (string?)value;
            mapping.By[name] = value is JsonObject looked ? (string?)looked["by"] : null;
        }
        return mapping;
    }

    private static string Profile(string source, string kind, string? key, JsonObject fields)
    {
        var set = new JsonObject { ["name"] = SetName, ["kind"] = kind, ["file"] = ImportDelivery.MappedFile, ["fields"] = fields };
        if (key is not null) { set["key"] = key; }
        return new JsonObject
        {
            ["title"] = kind,
            ["source"] = source,
            ["files"] = new JsonObject { [ImportDelivery.MappedFile] = "*" },
            ["records"] = new JsonArray(set),
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
