using CsvHelper;

namespace Portal.Reports.Tests.Samples;

/// <summary>Read strictly, by a reader that nobody here wrote.</summary>
public static class CsvFile
{
    public static List<string[]> Read(byte[] bytes)
    {
        using var csv = CsvReader.Create(bytes, new CsvReaderOptions
        {
            HasHeader = false, Separator = ',', SkipEmptyLines = false, MalformedData = CsvMalformedDataHandling.Throw, FieldCountMismatch = CsvFieldCountHandling.Allow,
        });
        var rows = new List<string[]>();
        while (csv.Read()) { rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]); }
        return rows;
    }
}
