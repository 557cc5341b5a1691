using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Xunit;

namespace Portal.Reports.Tests.Samples;

public sealed record Cell(string Reference, string Type, string Value, string? Formula, string Format, bool QuotePrefix);

/// <summary>A workbook read from its parts, not through the library that might have written it.</summary>
public sealed partial class Workbook
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private readonly Dictionary<string, XDocument> _parts = [];

    private Workbook(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            _parts[entry.FullName] = XDocument.Load(stream, LoadOptions.PreserveWhitespace);
        }
        Sheets = [.. _parts["xl/workbook.xml"].Descendants(Main + "sheet").Select((s, i) => new Sheet(this, s.Attribute("name")!.Value, _parts[$"xl/worksheets/sheet{i + 1}.xml"]))];
    }

    public IReadOnlyList<Sheet> Sheets { get; }

    /// <summary>Valid by the schema, and opened.</summary>
    public static Workbook Open(byte[] bytes)
    {
        using var document = SpreadsheetDocument.Open(new MemoryStream(bytes), isEditable: false);
        var faults = new OpenXmlValidator(FileFormatVersions.Office2016).Validate(document).Select(e => $"{e.Path?.XPath}: {e.Description}").ToList();
        Assert.Empty(faults);
        return new(bytes);
    }

    public XDocument Part(string name) => _parts[name];

    [GeneratedRegex("_x([0-9A-Fa-f]{4})_")]
    private static partial Regex Escaped();

    public sealed class Sheet(Workbook book, string name, XDocument xml)
    {
        public string Name => name;
        public XDocument Xml => xml;
        public IReadOnlyList<IReadOnlyList<Cell>> Rows { get; } = [.. xml.Descendants(Main + "row").Select(r => ReadRow(book, r))];
        public IReadOnlyList<int> RowNumbers { get; } = [.. xml.Descendants(Main + "row").Select(r => int.Parse(r.Attribute("r")!.Value, CultureInfo.InvariantCulture))];
        public string Filter => xml.Descendants(Main + "autoFilter").Single().Attribute("ref")!.Value;

        public Cell At(string reference) => Rows.SelectMany(r => r).Single(c => c.Reference == reference);

        /// <summary>A cell without a name follows the one before.</summary>
        private static IReadOnlyList<Cell> ReadRow(Workbook book, XElement row)
        {
            Assert.All(row.Elements(Main + "c"), cell => Assert.Null(cell.Attribute("r")));
            return [.. row.Elements(Main + "c").Select((cell, column) => Read(book, cell, $"{(char)('A' + column)}{row.Attribute("r")!.Value}"))];
        }

        private static Cell Read(Workbook book, XElement cell, string name)
        {
            var style = book.Part("xl/styles.xml").Descendants(Main + "cellXfs").Single().Elements().ElementAt(int.Parse(cell.Attribute("s")?.Value ?? "0", CultureInfo.InvariantCulture));
            var id = style.Attribute("numFmtId")!.Value;
            var format = book.Part("xl/styles.xml").Descendants(Main + "numFmt").FirstOrDefault(f => f.Attribute("numFmtId")!.Value == id)?.Attribute("formatCode")!.Value ?? "General";
            var type = cell.Attribute("t")?.Value ?? "n";
            var raw = type == "inlineStr" ? cell.Descendants(Main + "t").Single().Value : cell.Element(Main + "v")?.Value ?? "";
            var value = Escaped().Replace(raw, m => ((char)Convert.ToInt32(m.Groups[1].Value, 16)).ToString());
            return new(name, type, value, cell.Element(Main + "f")?.Value, format, style.Attribute("quotePrefix")?.Value == "1");
        }
    }
}
