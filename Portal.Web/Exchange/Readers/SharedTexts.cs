using System.Text;
using System.Xml;

namespace Portal.Web.Exchange.Readers;

/// <summary>A workbook's table of texts, packed as UTF-8 in large blocks: a million texts cost their bytes and four more each.</summary>
internal sealed class SharedTexts
{
    public static readonly SharedTexts None = new();

    private const int BlockSize = 1 << 20;
    private readonly List<byte[]> _blocks = [];
    private readonly List<(int Block, int Start, int Length)> _texts = [];
    private readonly string?[] _recent = new string?[4096];
    private readonly int[] _recentPlace = new int[4096];
    private int _used = BlockSize;

    public int Count => _texts.Count;

    /// <returns>Null where the text is not in the table.</returns>
    public string? this[int place]
    {
        get
        {
            if ((uint)place >= (uint)_texts.Count) { return null; }
            var slot = place & (_recent.Length - 1);
            if (_recent[slot] is { } recent && _recentPlace[slot] == place) { return recent; }
            var (block, start, length) = _texts[place];
            var text = Encoding.UTF8.GetString(_blocks[block], start, length);
            (_recent[slot], _recentPlace[slot]) = (text, place);
            return text;
        }
    }

    /// <returns>Null where the table is larger than <paramref name="mostBytes"/>.</returns>
    public static SharedTexts? Read(XmlReader part, int mostBytes)
    {
        var table = new SharedTexts();
        long total = 0;
        while (part.Read())
        {
            if (part.NodeType is not XmlNodeType.Element || part.LocalName != "si") { continue; }
            var text = ReadText(part);
            total += Encoding.UTF8.GetByteCount(text) + 12;
            if (total > mostBytes) { return null; }
            table.Add(text);
        }
        return table;
    }

    /// <summary>Text of a rich or plain string element; phonetic guides are not part of it. Leaves the reader on the element's end.</summary>
    public static string ReadText(XmlReader element)
    {
        if (element.IsEmptyElement) { return ""; }
        var depth = element.Depth;
        string? only = null;
        StringBuilder? several = null;
        var more = element.Read();
        while (more && element.Depth > depth)
        {
            if (element.NodeType is XmlNodeType.Element && element.LocalName is "rPh" or "phoneticPr") { element.Skip(); continue; }
            if (element.NodeType is XmlNodeType.Element && element.LocalName == "t")
            {
                var text = element.ReadElementContentAsString();
                if (only is null) { only = text; }
                else { (several ??= new StringBuilder(only)).Append(text); }
                continue;
            }
            more = element.Read();
        }
        return Unescape(several?.ToString() ?? only ?? "");
    }

    /// <summary>ECMA-376 writes characters that XML lacks as <c>_x000D_</c>.</summary>
    public static string Unescape(string text)
    {
        var at = text.IndexOf("_x", StringComparison.Ordinal);
        if (at < 0) { return text; }
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '_' && i + 6 < text.Length && text[i + 1] == 'x' && text[i + 6] == '_'
                && ushort.TryParse(text.AsSpan(i + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var code))
            {
                plain.Append((char)code);
                i += 6;
            }
            else { plain.Append(text[i]); }
        }
        return plain.ToString();
    }

    private void Add(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (_used + length > BlockSize)
        {
            _blocks.Add(new byte[Math.Max(BlockSize, length)]);
            _used = 0;
        }
        Encoding.UTF8.GetBytes(text, _blocks[^1].AsSpan(_used));
        _texts.Add((_blocks.Count - 1, _used, length));
        _used += length;
    }
}
