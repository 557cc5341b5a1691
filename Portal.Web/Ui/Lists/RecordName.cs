using System.Globalization;
using System.Linq.Expressions;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Portal.Domain.Persistence;
using Portal.Reports.Rendering;

namespace Portal.Web.Ui.Lists;

/// <summary>What a record is called, for a reader who sees it.</summary>
/// <param name="Path">Its page; empty where it has none, or none for this reader.</param>
public sealed record RecordName(string Text, string Path = "");

/// <summary>Asks for many records of any kind at once what they are called. Those that the context's scope does not see are absent.</summary>
public delegate Task<IReadOnlyDictionary<long, RecordName>> AskNames(PortalDbContext db, IReadOnlyCollection<long> ids, Viewer viewer, CancellationToken ct);

/// <summary>Numbers of records within a text. Ids are as long as a clock makes them; shorter numbers are quantities.</summary>
public static partial class RecordNumbers
{
    public static IEnumerable<long> In(string text)
    {
        foreach (Match match in Numbers().Matches(text)) { if (Read(match.Value) is { } id) { yield return id; } }
    }

    /// <param name="withNumber">Keeps the number behind the name.</param>
    /// <returns>The text with the names of those records that have one here.</returns>
    public static string Named(string text, IReadOnlyDictionary<long, RecordName> names, bool withNumber = false) => names.Count == 0 ? text : Numbers().Replace(text, match =>
        Read(match.Value) is not { } id || !names.TryGetValue(id, out var name) ? match.Value : withNumber ? $"{name.Text} ({match.Value})" : name.Text);

    private static long? Read(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    [GeneratedRegex(@"(?<![\d.,+])\d{13,19}(?![\d.,])", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}

/// <summary>A record of any kind by its name, and by its number where the reader sees no name.</summary>
internal sealed class RecordColumn(string key, string textKey, bool shown, LambdaExpression id) : ListColumn(key, textKey, shown, id)
{
    internal override void Numbers(object?[] row, int at, ISet<long> ids) => ids.Add((long)row[at]!);

    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format)
    {
        var id = (long)row[at]!;
        if (!format.Names.TryGetValue(id, out var name)) { format.Formatted(to, id, "D"); return; }
        if (name.Path.Length == 0) { encoder.Encode(to, name.Text); return; }
        to.Write("<a href=\"");
        encoder.Encode(to, name.Path);
        to.Write("\">");
        encoder.Encode(to, name.Text);
        to.Write("</a>");
    }

    public override void WriteCell(ICells cells, object?[] row, int at, ListFormat format) =>
        cells.Text(format.Names.TryGetValue((long)row[at]!, out var name) ? name.Text : ((long)row[at]!).ToString(CultureInfo.InvariantCulture));
}

/// <summary>Text in which records are kept as numbers, with their names in the place of these.</summary>
internal sealed class NamingColumn(string key, string textKey, bool shown, LambdaExpression value, Func<string, TimeZoneInfo, string> form) : ListColumn(key, textKey, shown, value)
{
    internal override void Numbers(object?[] row, int at, ISet<long> ids)
    {
        if (row[at] is string text) { ids.UnionWith(RecordNumbers.In(text)); }
    }

    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format) => encoder.Encode(to, Told((string)row[at]!, format));

    public override void WriteCell(ICells cells, object?[] row, int at, ListFormat format) => cells.Text(row[at] is string text ? Told(text, format) : null);

    private string Told(string text, ListFormat format) => RecordNumbers.Named(form(text, format.TimeZone), format.Names);
}
