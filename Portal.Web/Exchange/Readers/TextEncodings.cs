using System.Buffers;
using System.Text;
using Portal.Domain.Common;
using Portal.Domain.Exchange;

namespace Portal.Web.Exchange.Readers;

/// <summary>
/// Finds the encoding of a text file: byte order mark; UTF-16 by its zero bytes; UTF-8 where the whole file is well-formed;
/// GB18030 where the whole file is well-formed and reads as common Chinese; else windows-1252, which can read anything.
/// </summary>
public static class TextEncodings
{
    private const int Sample = 64 << 10, ControlSample = 4 << 10, ControlsInText = 2;

    public static Encoding Utf8 { get; } = new UTF8Encoding(false);
    public static Encoding Gb18030 { get; } = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
    public static Encoding Western { get; } = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    public static Result<Encoding> Named(string name)
    {
        try { return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name); }
        catch (ArgumentException) { return ImportRefusals.EncodingUnknown(name); }
    }

    /// <summary>Reads the stream from the beginning as far as needed (at most once) and leaves it at the beginning.</summary>
    public static Encoding Detect(Stream file)
    {
        file.Position = 0;
        var head = new byte[Sample];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        try { return Detect(head.AsSpan(0, length), file); }
        finally { file.Position = 0; }
    }

    /// <summary>
    /// False for a picture, a program or what else is no text: its first bytes hold many kinds of control characters. One or two kinds are seen in text (a zero, a page break, an end-of-file mark),
    /// and so are the separators that a profile names. Leaves the stream at the beginning.
    /// </summary>
    public static bool IsText(Stream file, Encoding encoding, string separators)
    {
        file.Position = 0;
        var head = new byte[ControlSample];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        var kinds = encoding.GetString(head, 0, length).Where(c => c is > '\0' and < ' ' and not ('\t' or '\n' or '\v' or '\f' or '\r')).Except(separators).Count();
        return kinds <= ControlsInText;
    }

    private static Encoding Detect(ReadOnlySpan<byte> head, Stream file)
    {
        if (head.StartsWith((byte[])[0xEF, 0xBB, 0xBF])) { return Utf8; }
        if (head.StartsWith((byte[])[0xFF, 0xFE])) { return Encoding.Unicode; }
        if (head.StartsWith((byte[])[0xFE, 0xFF])) { return Encoding.BigEndianUnicode; }
        file.Position = 0;
        var utf8 = ReadsAsUtf8(file);
        if (Utf16(head, utf8) is { } utf16) { return utf16; }
        if (utf8) { return Utf8; }
        return ReadsAsChinese(file) ? Gb18030 : Western;
    }

    private static Encoding? Utf16(ReadOnlySpan<byte> head, bool readsAsUtf8)
    {
        int even = 0, odd = 0, breaksBig = 0, breaksLittle = 0, pairs = head.Length / 2;
        for (var i = 0; i + 1 < head.Length; i += 2)
        {
            if (head[i] == 0) { even++; if (head[i + 1] is (byte)'\n' or (byte)'\r') { breaksBig++; } }
            if (head[i + 1] == 0) { odd++; if (head[i] is (byte)'\n' or (byte)'\r') { breaksLittle++; } }
        }
        if (pairs == 0 || (even == 0) == (odd == 0)) { return null; }
        // Western text has a zero in nearly every pair. Chinese has them at delimiters and line ends only, but is then not UTF-8.
        var zeros = Math.Max(even, odd);
        var wide = zeros * 10 >= pairs * 4 || (!readsAsUtf8 && breaksBig + breaksLittle > 0);
        return !wide ? null : even > 0 ? Encoding.BigEndianUnicode : Encoding.Unicode;
    }

    private static bool ReadsAsUtf8(Stream file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Sample);
        try
        {
            var kept = 0;
            var seenWide = false;
            while (true)
            {
                var read = file.Read(buffer, kept, buffer.Length - kept);
                var bytes = buffer.AsSpan(0, kept + read);
                var whole = read == 0 ? bytes.Length : bytes.Length - UnfinishedTail(bytes);
                if (!System.Text.Unicode.Utf8.IsValid(bytes[..whole]))
                {
                    // A file cut in the middle of its last character is still UTF-8 if it was before.
                    return read == 0 && seenWide && bytes.Length == UnfinishedTail(bytes);
                }
                seenWide |= bytes[..whole].ContainsAnyInRange((byte)0x80, (byte)0xFF);
                if (read == 0) { return true; }
                bytes[whole..].CopyTo(buffer);
                kept = bytes.Length - whole;
            }
        }
        finally { ArrayPool<byte>.Shared.Return(buffer); }
    }

    private static int UnfinishedTail(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var b = bytes[^back];
            if (b < 0x80) { return 0; }
            if (b >= 0xC0) { return (b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2) > back ? back : 0; }
        }
        return 0;
    }

    /// <summary>Half of the double bytes must be among the 6,763 characters of GB 2312; accented Western words seldom make even one.</summary>
    private static bool ReadsAsChinese(Stream file)
    {
        file.Position = 0;
        var decoder = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!.GetDecoder();
        var buffer = ArrayPool<byte>.Shared.Rent(Sample);
        var chars = new char[Sample];
        long doubles = 0, common = 0;
        byte lead = 0;
        try
        {
            int read;
            do
            {
                read = file.Read(buffer, 0, Sample);
                decoder.GetChars(buffer.AsSpan(0, read), chars, flush: read == 0);
                foreach (var b in buffer.AsSpan(0, read))
                {
                    if (lead == 0) { lead = b >= 0x81 ? b : (byte)0; continue; }
                    doubles++;
                    if (b >= 0xA1 && lead is (>= 0xB0 and <= 0xF7) or (>= 0xA1 and <= 0xA9)) { common++; }
                    lead = 0;
                }
            }
            while (read > 0);
        }
        catch (DecoderFallbackException) { return false; }
        finally { ArrayPool<byte>.Shared.Return(buffer); }
        return doubles > 0 && common * 2 >= doubles;
    }
}
