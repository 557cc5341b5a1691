using System.Globalization;

namespace Portal.Domain.Common;

/// <summary>Addresses as people type them: cleaned, and looked at as far as a look can tell. Whether anybody answers there, only a letter tells.</summary>
public static class Addresses
{
    /// <summary>RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3, less the angle brackets.</summary>
    private const int LongestLocalPart = 64, LongestEmail = 254;
    private const int LongestDomain = 253;

    /// <returns>The bare domain of what may be a whole web address, in lower case; empty for nothing.</returns>
    public static string Domain(string? typed)
    {
        var text = (typed ?? "").Trim().ToLowerInvariant();
        if (text.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0) { text = text[(scheme + 3)..]; }
        var end = text.IndexOfAny(['/', '?', '#', ':']);
        return (end < 0 ? text : text[..end]).TrimEnd('.');
    }

    /// <summary>Two labels or more; other scripts count as their DNS form.</summary>
    public static bool IsDomain(string domain)
    {
        if (domain.Length is 0 or > LongestDomain || !domain.Contains('.', StringComparison.Ordinal)) { return false; }
        try
        {
            return Uri.CheckHostName(new IdnMapping().GetAscii(domain)) is UriHostNameType.Dns && domain.Split('.').All(label => label.Length is > 0 and <= 63);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public static bool IsEmail(string address)
    {
        var at = address.LastIndexOf('@');
        return address.Length <= LongestEmail && at is > 0 and <= LongestLocalPart && !address[..at].Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '@' or ',' or ';' or '<' or '>')
            && IsDomain(address[(at + 1)..].ToLowerInvariant());
    }
}
