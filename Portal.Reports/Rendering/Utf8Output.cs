using System.Buffers;
using System.Globalization;
using System.Text;

namespace Portal.Reports.Rendering;

/// <summary>
/// Text as UTF-8 bytes in one buffer that is handed to the stream between rows, so that writing a cell is neither
/// asynchronous nor an allocation, and memory does not grow with rows.
/// </summary>
internal sealed class Utf8Output(Stream stream)
{
    private const int Threshold = 64 * 1024;
    private static readonly SearchValues<char> HtmlSpecial = SearchValues.Create("&<>\"'\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000B\u000C\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\u007F\uFFFE\uFFFF");
    private byte[] _buffer = new byte[Threshold + 16 * 1024];
    private int _used;

    public bool IsFull => _used >= Threshold;

    public void Raw(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        _used += utf8.Length;
    }

    public void Raw(byte value)
    {
        Reserve(1)[0] = value;
        _used++;
    }

    /// <summary>Writes as it is. Lone surrogates become U+FFFD, as UTF-8 requires.</summary>
    public void Raw(ReadOnlySpan<char> text) => _used += Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void Format<T>(T value, ReadOnlySpan<char> format = default, CultureInfo? culture = null) where T : IUtf8SpanFormattable
    {
        var size = 64;
        int written;
        while (!value.TryFormat(Reserve(size), out written, format, culture ?? CultureInfo.InvariantCulture)) { size *= 2; }
        _used += written;
    }

    /// <summary>Invariant and without zeros at the end: engines give the same amount with different numbers of them.</summary>
    public void Decimal(decimal value)
    {
        Format(value);
        if (value.Scale == 0) { return; }
        while (_buffer[_used - 1] == (byte)'0') { _used--; }
        if (_buffer[_used - 1] == (byte)'.') { _used--; }
    }

    /// <summary>Encoded for HTML content and for quoted attributes. Control characters, which HTML forbids, become U+FFFD.</summary>
    public void Html(ReadOnlySpan<char> text)
    {
        while (true)
        {
            var at = text.IndexOfAny(HtmlSpecial);
            if (at < 0) { Raw(text); return; }
            Raw(text[..at]);
            Raw(text[at] switch
            {
                '&' => "&amp;"u8,
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                '"' => "&quot;"u8,
                '\'' => "&#39;"u8,
                _ => "\uFFFD"u8,
            });
            text = text[(at + 1)..];
        }
    }

    public async ValueTask FlushAsync(CancellationToken ct)
    {
        if (_used == 0) { return; }
        await stream.WriteAsync(_buffer.AsMemory(0, _used), ct);
        _used = 0;
    }

    private Span<byte> Reserve(int size)
    {
        if (_buffer.Length - _used < size) { Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + size)); }
        return _buffer.AsSpan(_used);
    }
}
