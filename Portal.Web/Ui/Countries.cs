using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Portal.Domain.Common;

namespace Portal.Web.Ui;

/// <summary>Names of countries in the reader's language.</summary>
public static class Countries
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<(string Code, string Name)>> ByLanguage = new(StringComparer.Ordinal);

    /// <summary>Every country in the order of its name in the current language.</summary>
    public static IReadOnlyList<(string Code, string Name)> All() => ByLanguage.GetOrAdd(CultureInfo.CurrentUICulture.Name, static _ =>
        [.. CountryCodes.All.Select(code => (code, Name(code)!)).OrderBy(c => c.Item2, StringComparer.Create(CultureInfo.CurrentUICulture, ignoreCase: true))]);

    /// <returns>The name; the code itself where it is none; null for none.</returns>
    public static string? Name(string? code) => code is null ? null : CountryCodes.Name(code, CultureInfo.CurrentUICulture);

    /// <param name="current">Stays choosable though it may be no country of the list.</param>
    public static IEnumerable<SelectListItem> Options(string? current = null) =>
        [.. current is not null && !CountryCodes.IsKnown(current) ? [new SelectListItem(current, current)] : Array.Empty<SelectListItem>(), .. All().Select(c => new SelectListItem(c.Name, c.Code))];
}
