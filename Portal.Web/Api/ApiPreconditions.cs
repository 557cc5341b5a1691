namespace Portal.Web.Api;

/// <summary>Conditions of a write (RFC 9110, 13.1): it is done only where the record is as its writer read it.</summary>
internal static class ApiPreconditions
{
    /// <param name="tag">Of the record now; null where there is none.</param>
    public static bool Hold(HttpRequest request, string? tag)
    {
        string[] wanted = [.. Tags(request.Headers.IfMatch)], unwanted = [.. Tags(request.Headers.IfNoneMatch)];
        return (wanted.Length == 0 || tag is not null && (wanted.Contains("*") || wanted.Contains(tag, StringComparer.Ordinal)))
            && (unwanted.Length == 0 || tag is null || !unwanted.Contains("*") && !unwanted.Contains(tag, StringComparer.Ordinal));
    }

    private static IEnumerable<string> Tags(IEnumerable<string?> header) => header.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
