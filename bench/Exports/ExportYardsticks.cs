using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Microsoft.Data.Sqlite;

namespace Portal.Bench.Exports;

/// <summary>What exports are measured against: every opportunity with its partner's and customer's name, eight columns.</summary>
internal static class ExportYardsticks
{
    private const string Sql = """
        SELECT o.id, o.title, p.name, c.name, o.stage, o.amount, o.close_date, o.opened
        FROM opportunities o JOIN partners p ON p.id = o.partner_id JOIN customers c ON c.id = o.customer_id
        """;

    private static readonly string[] Head = ["id", "title", "partner", "customer", "stage", "amount", "close_date", "opened"];

    /// <summary>The joined scan, written as CSV line by line.</summary>
    public static void WriteCsv(string file, string target)
    {
        using var lines = new StreamWriter(target, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16);
        lines.WriteLine(string.Join(',', Head));
        Each(file, row => lines.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.GetInt64(0)},{row.GetString(1)},{row.GetString(2)},{row.GetString(3)},{row.GetString(4)},{row.GetInt64(5) / 10_000m},{row.GetString(6)},{row.GetString(7)}")));
    }

    /// <summary>The same rows by OpenXmlWriter, the streaming writer of the usual library: inline texts, numbers as numbers, dates as date serials.</summary>
    public static void WriteXlsx(string file, string target)
    {
        using var workbook = SpreadsheetDocument.Create(target, SpreadsheetDocumentType.Workbook);
        var book = workbook.AddWorkbookPart();
        var sheet = book.AddNewPart<WorksheetPart>();
        using (var writer = OpenXmlWriter.Create(sheet))
        {
            writer.WriteStartElement(new Worksheet());
            writer.WriteStartElement(new SheetData());
            writer.WriteStartElement(new Row());
            foreach (var name in Head) { Text(writer, name); }
            writer.WriteEndElement();
            Each(file, row =>
            {
                writer.WriteStartElement(new Row());
                Number(writer, row.GetInt64(0).ToString(CultureInfo.InvariantCulture));
                for (var n = 1; n <= 4; n++) { Text(writer, row.GetString(n)); }
                Number(writer, (row.GetInt64(5) / 10_000m).ToString(CultureInfo.InvariantCulture));
                for (var n = 6; n <= 7; n++) { Number(writer, DateTime.ParseExact(row.GetString(n), "yyyy-MM-dd", CultureInfo.InvariantCulture).ToOADate().ToString(CultureInfo.InvariantCulture)); }
                writer.WriteEndElement();
            });
            writer.WriteEndElement();
            writer.WriteEndElement();
        }
        book.Workbook = new Workbook(new Sheets(new Sheet { Id = book.GetIdOfPart(sheet), SheetId = 1, Name = "Opportunities" }));
    }

    private static void Text(OpenXmlWriter writer, string text)
    {
        writer.WriteStartElement(new Cell { DataType = CellValues.InlineString });
        writer.WriteElement(new InlineString(new Text(text)));
        writer.WriteEndElement();
    }

    private static void Number(OpenXmlWriter writer, string number)
    {
        writer.WriteStartElement(new Cell());
        writer.WriteElement(new CellValue(number));
        writer.WriteEndElement();
    }

    private static void Each(string file, Action<SqliteDataReader> row)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Sql;
        using var rows = command.ExecuteReader();
        while (rows.Read()) { row(rows); }
    }
}
