using System.IO.Compression;
using System.Text;
using Portal.Domain.Common;

namespace Portal.Web.Documents;

/// <summary>A kind of file that is taken.</summary>
/// <param name="Extensions">With their dots, lower case.</param>
/// <param name="Shown">Whether a browser may show it within a page. Everything else is only ever saved.</param>
public sealed record FileKind(string ContentType, string[] Extensions, bool Shown = false);

/// <summary>
/// Which kind of file it is, by looking into it. The name must fit what is found; what is not on the list is refused, above all what a browser would run (HTML, SVG).
/// </summary>
/// <param name="allowZip">Whether archives are taken that are no office document.</param>
public sealed class FileKinds(bool allowZip)
{
    private const int MostEntries = 10_000;
    private const long MostUnpacked = 512L << 20;
    /// <summary>Sheets of numbers pack to a hundredth; a bomb to a thousandth.</summary>
    private const int MostRatio = 250;
    private const long RatioFrom = 16L << 20;

    private static readonly FileKind Pdf = new("application/pdf", [".pdf"], Shown: true);
    private static readonly FileKind Png = new("image/png", [".png"], Shown: true);
    private static readonly FileKind Jpeg = new("image/jpeg", [".jpg", ".jpeg"], Shown: true);
    private static readonly FileKind Gif = new("image/gif", [".gif"], Shown: true);
    private static readonly FileKind Webp = new("image/webp", [".webp"], Shown: true);
    private static readonly FileKind Docx = new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", [".docx"]);
    private static readonly FileKind Xlsx = new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", [".xlsx"]);
    private static readonly FileKind Pptx = new("application/vnd.openxmlformats-officedocument.presentationml.presentation", [".pptx"]);
    private static readonly FileKind Odt = new("application/vnd.oasis.opendocument.text", [".odt"]);
    private static readonly FileKind Ods = new("application/vnd.oasis.opendocument.spreadsheet", [".ods"]);
    private static readonly FileKind Zip = new("application/zip", [".zip"]);
    private static readonly string[] TextExtensions = [".txt", ".csv"];
    private static readonly FileKind[] Fixed = [Pdf, Png, Jpeg, Gif, Webp, Docx, Xlsx, Pptx, Odt, Ods];
    private static readonly string[] Markup = ["<!doctype", "<html", "<svg", "<script", "<?xml", "<body", "<head", "<iframe"];

    /// <summary>The endings that are taken, for the file field and for refusals.</summary>
    public IReadOnlyList<string> Extensions { get; } = [.. Fixed.SelectMany(k => k.Extensions), .. TextExtensions, .. allowZip ? Zip.Extensions : []];

    /// <param name="contentType">As a version holds it.</param>
    public static bool IsShown(string contentType) => Fixed.Any(k => k.Shown && k.ContentType == contentType);

    public static bool IsImage(string contentType) => IsShown(contentType) && contentType != Pdf.ContentType;

    /// <param name="name">Clean; its ending must fit.</param>
    /// <param name="file">Seekable.</param>
    /// <returns>The content type, or one of <see cref="FileRefusals"/>.</returns>
    public Result<string> Find(string name, Stream file)
    {
        var extension = FileNames.ExtensionOf(name).ToLowerInvariant();
        if (!Extensions.Contains(extension)) { return FileRefusals.KindRefused(extension, string.Join(", ", Extensions.Select(e => e[1..]))); }
        Span<byte> head = stackalloc byte[16];
        file.Position = 0;
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (IsZip(head)) { return LookIntoZip(extension, file); }
        if (BySignature(head) is { } kind) { return kind.Extensions.Contains(extension) ? kind.ContentType : FileRefusals.ContentDiffers(extension); }
        if (!TextExtensions.Contains(extension)) { return FileRefusals.ContentDiffers(extension); }
        return LookIntoText(extension, file);
    }

    private static FileKind? BySignature(ReadOnlySpan<byte> head) =>
        head.StartsWith("%PDF-"u8) ? Pdf
        : head.StartsWith((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? Png
        : head.StartsWith((byte[])[0xFF, 0xD8, 0xFF]) ? Jpeg
        : head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) ? Gif
        : head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..12].SequenceEqual("WEBP"u8) ? Webp
        : null;

    private static bool IsZip(ReadOnlySpan<byte> head) =>
        head.StartsWith((byte[])[0x50, 0x4B, 0x03, 0x04]) || head.StartsWith((byte[])[0x50, 0x4B, 0x05, 0x06]) || head.StartsWith((byte[])[0x50, 0x4B, 0x07, 0x08]);

    private Result<string> LookIntoZip(string extension, Stream file)
    {
        file.Position = 0;
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > MostEntries) { return FileRefusals.Bomb; }
            var kind = KindOf(zip);
            if (kind is null || !kind.Extensions.Contains(extension)) { return FileRefusals.ContentDiffers(extension); }
            if (zip.Entries.Any(e => e.Name.Equals("vbaProject.bin", StringComparison.OrdinalIgnoreCase))) { return FileRefusals.Macros; }
            return Unpacks(zip, file.Length) ? kind.ContentType : FileRefusals.Bomb;
        }
        catch (InvalidDataException)
        {
            return FileRefusals.Broken;
        }
    }

    private FileKind? KindOf(ZipArchive zip)
    {
        bool Holds(string name) => zip.Entries.Any(e => e.FullName == name);
        if (Holds("[Content_Types].xml"))
        {
            return Holds("word/document.xml") ? Docx : Holds("xl/workbook.xml") ? Xlsx : Holds("ppt/presentation.xml") ? Pptx : allowZip ? Zip : null;
        }
        if (zip.GetEntry("mimetype") is { Length: < 200 } said)
        {
            using var reader = new StreamReader(said.Open(), Encoding.ASCII);
            var type = reader.ReadToEnd().Trim();
            return type == Odt.ContentType ? Odt : type == Ods.ContentType ? Ods : allowZip ? Zip : null;
        }
        return allowZip ? Zip : null;
    }

    /// <summary>Unpacks to nowhere and counts, since what an archive says of its own size may be a lie.</summary>
    private static bool Unpacks(ZipArchive zip, long packed)
    {
        var most = Math.Min(MostUnpacked, Math.Max(RatioFrom, packed * MostRatio));
        var buffer = new byte[64 << 10];
        var total = 0L;
        foreach (var entry in zip.Entries)
        {
            using var content = entry.Open();
            for (int read; (read = content.Read(buffer)) > 0;)
            {
                total += read;
                if (total > most) { return false; }
            }
        }
        return true;
    }

    private static Result<string> LookIntoText(string extension, Stream file)
    {
        var charset = Reads(file, new UTF8Encoding(false, throwOnInvalidBytes: true), out var start) ? "utf-8"
            : Reads(file, CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!, out start) ? "gb18030" : null;
        if (charset is null) { return FileRefusals.NotText; }
        var begin = start.TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (Markup.Any(m => begin.StartsWith(m, StringComparison.OrdinalIgnoreCase))) { return FileRefusals.ContentDiffers(extension); }
        return $"text/{(extension == ".csv" ? "csv" : "plain")}; charset={charset}";
    }

    /// <returns>True where every byte is text in this encoding, without control signs.</returns>
    private static bool Reads(Stream file, Encoding encoding, out string start)
    {
        file.Position = 0;
        start = "";
        var decoder = encoding.GetDecoder();
        var bytes = new byte[64 << 10];
        var chars = new char[encoding.GetMaxCharCount(bytes.Length)];
        try
        {
            int read;
            do
            {
                read = file.Read(bytes);
                var text = chars.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, read), chars, flush: read == 0));
                foreach (var sign in text) { if (char.IsControl(sign) && sign is not ('\t' or '\r' or '\n' or '\f')) { return false; } }
                if (start.Length == 0) { start = text[..Math.Min(text.Length, 256)].ToString(); }
            }
            while (read > 0);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
