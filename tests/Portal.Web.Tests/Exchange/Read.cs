using System.Globalization;
using System.Text;
using Portal.Domain.Common;
using Portal.Domain.Exchange;
using Portal.Web.Exchange.Readers;

namespace Portal.Web.Tests.Exchange;

/// <summary>Reads a whole source into lists that a test can compare.</summary>
internal static class Read
{
    public sealed record Table(IReadOnlyList<string> Header, List<SourceRow> Rows)
    {
        public IEnumerable<Refusal> Refused => Rows.Where(r => r.Malformed is not null).Select(r => r.Malformed!);
        public string Line(int row) => string.Join('|', Rows[row].Values.Select(Shown));
        public object? this[int row, int column] => Rows[row].Values[column];
    }

    public static string Shown(object? value) => value switch
    {
        null => "",
        ValueProblem problem => $"!{problem.Code}:{problem.Value}",
        DateTime date => date.TimeOfDay == default ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : date.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    public static Table File(string path, SourceFormat? format = null, ReadLimits? limits = null) => All(Open(System.IO.File.OpenRead(path), format, limits));
    public static Table Text(string text, SourceFormat? format = null, ReadLimits? limits = null) => Bytes(Encoding.UTF8.GetBytes(text), format, limits);
    public static Table Bytes(byte[] bytes, SourceFormat? format = null, ReadLimits? limits = null) => All(Open(new MemoryStream(bytes), format, limits));
    public static Refusal? Refusal(byte[] bytes, SourceFormat? format = null, ReadLimits? limits = null)
    {
        var opened = Open(new MemoryStream(bytes), format, limits);
        if (opened.Succeeded) { opened.Value.Dispose(); }
        return opened.Refusal;
    }

    private static Result<RowSet> Open(Stream stream, SourceFormat? format, ReadLimits? limits) => Rows.Open(stream, format ?? new SourceFormat(), limits ?? ReadLimits.Default);

    private static Table All(Result<RowSet> opened)
    {
        using var rows = opened.Value;
        return new(rows.Header.Names, [.. rows.Rows]);
    }
}
