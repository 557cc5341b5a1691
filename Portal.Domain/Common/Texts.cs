namespace Portal.Domain.Common;

public static class Texts
{
    /// <returns>The trimmed text; null for one without a visible sign.</returns>
    public static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
