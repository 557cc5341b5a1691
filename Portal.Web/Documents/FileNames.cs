using System.Globalization;
using System.Text;

namespace Portal.Web.Documents;

/// <summary>Names of files as people may see and save them on any system.</summary>
public static class FileNames
{
    /// <summary>Leaves room for what a browser adds, within the 255 bytes of common file systems, also in Chinese.</summary>
    private const int LongestBytes = 200;

    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. "0123456789¹²³".SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The last part of what the browser sent, without what a system takes for a path or a device, without control and direction signs (which show
    /// <c>gpj.exe</c> as <c>exe.jpg</c>) and no longer than can be saved. Never empty.
    /// </summary>
    public static string Clean(string? sent)
    {
        var last = (sent ?? "").Split('/', '\\')[^1];
        var clean = new StringBuilder(last.Length);
        foreach (var sign in Valid(last).Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(sign) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse) { continue; }
            clean.Append(sign.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' ? "_" : Rune.IsWhiteSpace(sign) ? " " : sign.ToString());
        }
        var name = clean.ToString().Trim(' ', '.');
        var extension = ExtensionOf(name);
        var stem = name[..^extension.Length].TrimEnd(' ', '.');
        if (stem.Length == 0) { stem = "document"; }
        if (Devices.Contains(stem.Split('.')[0].TrimEnd())) { stem = "_" + stem; }
        return Cut(stem, LongestBytes - Encoding.UTF8.GetByteCount(extension)) + extension;
    }

    /// <returns>With its dot, as written; empty where there is none or what follows the dot is too long to be one.</returns>
    public static string ExtensionOf(string name) => Path.GetExtension(name) is { Length: > 1 and <= 10 } extension ? extension : "";

    /// <summary>Halves of characters become the sign for an unknown one.</summary>
    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Cut(string text, int bytes)
    {
        var length = 0;
        foreach (var sign in text.EnumerateRunes())
        {
            bytes -= sign.Utf8SequenceLength;
            if (bytes < 0) { break; }
            length += sign.Utf16SequenceLength;
        }
        return text[..length].TrimEnd(' ', '.');
    }
}
