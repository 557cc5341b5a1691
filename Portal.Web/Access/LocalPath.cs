using System.Buffers;

namespace Portal.Web.Access;

/// <summary>Where to go after log-in or log-out: a path of this portal or nothing. Every text that a browser could read as another site is refused.</summary>
public static class LocalPath
{
    /// <summary>Longer ones do not fit into the state that travels with the log-in.</summary>
    public const int Longest = 1000;

    private static readonly string[] s_ofSigningIn = [PortalSignIn.Path, PortalSignIn.SignOutPath, PortalSignIn.SignedOutPath];

    /// <summary>What nobody decodes and no browser reads in another way.</summary>
    private static readonly SearchValues<char> s_literal = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/?&=-_");
    private static readonly Uri s_anyHost = new("https://portal.example");

    /// <returns>The path with its query, or <c>/</c> where the text is no safe one.</returns>
    public static string OrHome(string? text) => IsSafe(text) ? text! : "/";

    public static bool IsSafe(string? text)
    {
        if (text is not { Length: > 0 and <= Longest } || text[0] != '/')
        {
            return false;
        }
        if (LeadsBackToSignIn(text)) { return false; }
        // Nearly all are so, and whoever comes without a session should not cost more than somebody who has one.
        if (text.AsSpan().IndexOfAnyExcept(s_literal) < 0) { return IsPlain(text); }
        // Once as written and once decoded: a proxy or a browser may do the same.
        var decoded = Uri.UnescapeDataString(text);
        return IsPlain(text) && IsPlain(decoded) && IsPlain(Uri.UnescapeDataString(decoded))
            && Uri.TryCreate(s_anyHost, text, out var target) && target.Host == s_anyHost.Host && target.Scheme == s_anyHost.Scheme && target.IsDefaultPort && target.UserInfo.Length == 0;
    }

    private static bool IsPlain(string text) =>
        text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal) && !text.Any(char.IsControl)
        && !text.Contains("/..", StringComparison.Ordinal) && !text.Contains("/.//", StringComparison.Ordinal);

    private static bool LeadsBackToSignIn(string text) =>
        text.StartsWith("/sign", StringComparison.OrdinalIgnoreCase) && s_ofSigningIn.Any(path => new PathString(text.Split('?', '#')[0]).StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));
}
