using Portal.Domain.Common;
using Portal.Domain.Exchange;

namespace Portal.Web.Exchange.Readers;

/// <summary>Opens whichever of the known formats a file is in, decided by its first bytes, never by its name.</summary>
public static class Rows
{
    /// <param name="file">Seekable; closed with the row set, also when refused.</param>
    public static Result<RowSet> Open(Stream file, SourceFormat format, ReadLimits limits) => IsWorkbook(file) ? XlsxRows.Open(file, format, limits) : CsvRows.Open(file, format, limits);

    /// <summary>A zip archive, or the older container that is refused with a clear word.</summary>
    public static bool IsWorkbook(Stream file)
    {
        Span<byte> head = stackalloc byte[4];
        file.Position = 0;
        var read = file.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 4 && (head is [(byte)'P', (byte)'K', 3 or 5, 4 or 6] || head is [0xD0, 0xCF, 0x11, 0xE0]);
    }
}
