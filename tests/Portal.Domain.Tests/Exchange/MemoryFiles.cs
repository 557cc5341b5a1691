using System.IO.Enumeration;
using Portal.Domain.Common;
using Portal.Domain.Exchange;

namespace Portal.Domain.Tests.Exchange;

/// <summary>Files of an import as lines of cells separated by a bar; the first line is the header, an empty cell is nothing.</summary>
internal sealed class MemoryFiles(params (string Name, string Content)[] files) : IImportFiles
{
    public IReadOnlyList<string> Match(string pattern) => [.. files.Select(f => f.Name).Where(n => FileSystemName.MatchesSimpleExpression(pattern, n)).Order(StringComparer.Ordinal)];

    public Result<RowSet> Open(string file, SourceFormat format)
    {
        var lines = files.First(f => f.Name == file).Content.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var rows = lines.Skip(1).Select((line, i) => line == "!"
            ? new SourceRow(i + 2, [], ImportRefusals.QuoteNotClosed)
            : new SourceRow(i + 2, [.. line.Split('|').Select(c => c.Length == 0 ? null : (object)c)]));
        return new RowSet(new SourceHeader(lines[0].Split('|')), rows, () => { }, () => 1);
    }
}

/// <summary>Kinds of record as the tests need them; nothing is stored.</summary>
internal sealed record Schema(string Kind, IReadOnlyList<ImportField> Fields, IReadOnlyList<string> LookupFields) : IImportSchema
{
    public IReadOnlyList<string> KeyFields => ["code"];

    public static readonly Schema Company = new("company",
        [
            ImportField.Text("code", 10, required: true),
            ImportField.Text("name", 20, required: true),
            new("roles", ImportFieldType.Words) { Words = ["Customer", "Supplier"] },
            ImportField.WholeNumber("employees", 0, 1000),
            ImportField.Number("revenue"),
            ImportField.Flag("active"),
            ImportField.Date("since"),
            ImportField.Reference("parent", "company"),
        ],
        ["code", "name"]);

    public static readonly IReadOnlyDictionary<string, IImportSchema> All = new Dictionary<string, IImportSchema> { ["company"] = Company };
}
