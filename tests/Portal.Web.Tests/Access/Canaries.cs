using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Testing.Hosting;

namespace Portal.Web.Tests.Access;

/// <summary>What a reader must see of a record to be shown a word of it.</summary>
public enum Depth { None, Summary, Full, Internal }

/// <summary>A word that stands in exactly one record, and tells which, and how deep in it.</summary>
public sealed partial record Canary(string Kind, Depth Depth, long Id)
{
    /// <summary>Every canary in the text.</summary>
    public static IEnumerable<Canary> In(string text) => Form().Matches(text).Select(m => new Canary(
        Kinds.Single(k => k.Value == m.Groups["kind"].Value).Key,
        m.Groups["depth"].Value switch { "s" => Depth.Summary, "f" => Depth.Full, _ => Depth.Internal },
        long.Parse(m.Groups["id"].Value, CultureInfo.InvariantCulture))).Distinct();

    /// <summary>For texts that are made in a test rather than marked by <see cref="MarkAsync"/>.</summary>
    public static string Word(string kind, long id, char depth = 's') => $"zq{Kinds[kind]}{depth}{id}qz";

    [GeneratedRegex("zq(?<kind>[a-z])(?<depth>[sfi])(?<id>[0-9]{1,19})qz")]
    private static partial Regex Form();

    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["company"] = "c", ["contact"] = "k", ["site"] = "l", ["product"] = "p", ["category"] = "y", ["item"] = "i", ["opportunity"] = "o", ["comment"] = "m", ["document"] = "d", ["version"] = "v",
        ["folder"] = "f", ["job"] = "j", ["view"] = "w", ["person"] = "n", ["share"] = "h", ["grant"] = "g", ["signal"] = "s", ["batch"] = "b", ["territory"] = "t", ["team"] = "e", ["look"] = "u",
    };

    /// <summary>Text columns by table: kind of record and how deep a reader must see to meet them.</summary>
    private static readonly (string Table, string Kind, string Column, char Depth, string Where)[] Columns =
    [
        ("companies", "company", "Name", 's', ""), ("companies", "company", "City", 's', ""), ("companies", "company", "LegalName", 'f', ""), ("companies", "company", "InternalNotes", 'i', ""),
        ("contacts", "contact", "LastName", 's', ""), ("contacts", "contact", "Notes", 'i', ""),
        ("sites", "site", "Name", 's', ""), ("sites", "site", "Line1", 'f', ""),
        ("products", "product", "Name", 's', ""), ("products", "product", "Description", 's', ""),
        ("supplier_items", "item", "SupplierCode", 's', ""),
        ("opportunities", "opportunity", "Title", 's', ""), ("opportunities", "opportunity", "CustomerName", 'f', ""), ("opportunities", "opportunity", "NextStep", 'f', ""),
        ("opportunities", "opportunity", "Description", 'f', ""), ("opportunities", "opportunity", "OutcomeReason", 'i', ""), ("opportunities", "opportunity", "InternalNotes", 'i', ""),
        ("comments", "comment", "Body", 's', ""),
        ("people", "person", "JobTitle", 's', ""), ("people", "person", "Phone", 's', ""),
        ("documents", "document", "Title", 's', ""), ("documents", "document", "Description", 's', ""),
        ("document_versions", "version", "Note", 's', ""),
        ("document_folders", "folder", "Name", 's', ""), ("document_folders", "folder", "NameZh", 's', ""),
        ("jobs", "job", "Title", 's', ""), ("saved_views", "view", "Name", 's', ""),
        ("shares", "share", "Reason", 's', ""), ("access_grants", "grant", "Reason", 's', ""),
        ("demand_signals", "signal", "Site", 's', ""),
        ("demand_batches", "batch", "Origin", 's', """WHERE "ReporterId" IS NOT NULL"""),
        ("teams", "team", "Name", 'i', ""), ("support_views", "look", "Reason", 'f', ""),
    ];

    /// <summary>Puts the words in. Columns that hold a file's name keep their ending.</summary>
    public static async Task MarkAsync(RunningPortal portal)
    {
        await using var rows = await Rows.OpenAsync(portal);
        foreach (var (table, kind, column, depth, where) in Columns)
        {
            await rows.ExecuteAsync($"""UPDATE "{table}" SET "{column}" = COALESCE("{column}", '') || ' zq{Kinds[kind]}{depth}' || CAST("Id" AS TEXT) || 'qz' {where}""");
        }
        // What the story of a company tells of an opportunity is the opportunity's.
        await rows.ExecuteAsync($"""UPDATE "timeline_entries" SET "Title" = "Title" || ' zq{Kinds["opportunity"]}s' || CAST("RecordId" AS TEXT) || 'qz' WHERE "RecordClass" = 'Opportunity'""");
        await rows.ExecuteAsync($"""UPDATE "document_versions" SET "FileName" = 'zq{Kinds["version"]}s' || CAST("Id" AS TEXT) || 'qz-' || "FileName" """);
    }
}
