using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Portal.Web.Demo;

/// <summary>Small real files for the demo library, the same bytes in every run.</summary>
internal static class DemoFiles
{
    /// <summary>One A4 page in the fonts that every PDF reader has (ISO 32000-1, 9.6.2.2); letters of Western Europe only.</summary>
    public static byte[] Pdf(string title, IReadOnlyList<string> lines)
    {
        var page = new StringBuilder($"BT /F1 22 Tf 64 760 Td ({Escaped(title)}) Tj ET\n0.12 0.37 0.75 RG 2 w 64 744 m 531 744 l S\nBT /F2 11 Tf 64 712 Td 20 TL\n");
        foreach (var line in lines) { page.Append(CultureInfo.InvariantCulture, $"({Escaped(line)}) Tj T*\n"); }
        page.Append("ET\n");
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R /Lang (en) >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> /Contents 4 0 R >>",
            $"<< /Length {page.Length} >>\nstream\n{page}endstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>", "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
            $"<< /Title ({Escaped(title)}) /Producer (Portal) >>",
        ];
        var file = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        for (var i = 0; i < objects.Length; i++)
        {
            places.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var place in places) { file.Append(CultureInfo.InvariantCulture, $"{place:D10} 00000 n \n"); }
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R /Info {objects.Length} 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString());
    }

    /// <summary>A flange with its bolt circle, as a PNG with a grey per pixel.</summary>
    public static byte[] Drawing(int width, int height)
    {
        var rows = new byte[(width + 1) * height];
        var (middleX, middleY, unit) = (width / 2.0, height / 2.0, Math.Min(width, height) / 10.0);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++) { rows[y * (width + 1) + 1 + x] = Ink((x - middleX) / unit, (y - middleY) / unit, 1.2 / unit) ? (byte)40 : (byte)250; }
        }
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        head[8] = 8;
        Chunk(png, "IHDR"u8, head);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) { zlib.Write(rows); }
        Chunk(png, "IDAT"u8, packed.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static bool Ink(double x, double y, double line)
    {
        var radius = Math.Sqrt(x * x + y * y);
        if (Math.Abs(radius - 4) < line || Math.Abs(radius - 1.6) < line || Math.Abs(radius - 1.2) < line) { return true; }
        if (Math.Min(Math.Abs(x), Math.Abs(y)) < line / 3 && radius < 4.6) { return true; }
        var step = Math.PI / 3;
        var nearest = Math.Round(Math.Atan2(y, x) / step) * step;
        var (boltX, boltY) = (x - 2.9 * Math.Cos(nearest), y - 2.9 * Math.Sin(nearest));
        return Math.Abs(Math.Sqrt(boltX * boltX + boltY * boltY) - 0.35) < line;
    }

    private static void Chunk(Stream png, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum([.. type, .. data]));
        png.Write(number);
    }

    /// <summary>CRC-32 as PNG has it (RFC 2083, appendix).</summary>
    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var octet in data)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++) { crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320; }
        }
        return ~crc;
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\").Replace("(", "\\(").Replace(")", "\\)");
}
