using Portal.Web.Host;

namespace Portal.Web.Tests.Access;

/// <summary>What holds for whatever the portal sends.</summary>
public static class EveryAnswer
{
    /// <returns>What is missing; null where nothing is.</returns>
    public static string? ProblemOf(HttpResponseMessage answer)
    {
        string? Header(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
        // A document that is shown inside a page of the portal: it may be framed there, and can run nothing.
        var shown = Header("Content-Security-Policy") is { } policy && policy.StartsWith("sandbox; default-src 'none';", StringComparison.Ordinal) && Header("X-Frame-Options") == "SAMEORIGIN";
        if (!shown && Header("Content-Security-Policy") != SecurityHeaders.ContentSecurityPolicy) { return $"content security policy is {Header("Content-Security-Policy")}"; }
        if (Header("X-Content-Type-Options") != "nosniff") { return "may be sniffed"; }
        if (!shown && Header("X-Frame-Options") != "DENY") { return "may be framed"; }
        if (Header("Cross-Origin-Opener-Policy") != "same-origin") { return "may be opened by others"; }
        if (answer.RequestMessage?.RequestUri?.Scheme == Uri.UriSchemeHttps && Header("Strict-Transport-Security") != "max-age=31536000") { return "may be asked for without https"; }
        if (Header("Referrer-Policy") is null) { return "no referrer policy"; }
        if (answer.Headers.Contains("Server") || answer.Headers.Contains("X-Powered-By")) { return "tells its make"; }
        if (answer.Headers.CacheControl?.NoStore is not true) { return "may be kept in caches"; }
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            if (!cookie.Contains("samesite=", StringComparison.OrdinalIgnoreCase) || cookie.Contains("samesite=none", StringComparison.OrdinalIgnoreCase)) { return $"cookie goes along from other sites: {cookie.Split('=')[0]}"; }
            if (!cookie.StartsWith("__Host-", StringComparison.Ordinal) && !cookie.StartsWith("__Secure-", StringComparison.Ordinal)) { return $"cookie may come from another host: {cookie.Split('=')[0]}"; }
            if (!cookie.Contains("httponly", StringComparison.OrdinalIgnoreCase)) { return $"script reads the cookie {cookie.Split('=')[0]}"; }
        }
        return null;
    }
}
