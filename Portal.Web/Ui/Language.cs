using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Portal.Web.Ui;

/// <summary>The languages of the portal and how one request gets its own: the person's choice (cookie), else what the browser asks for.</summary>
public static class Language
{
    public static readonly CultureInfo English = Make("en"), Chinese = Make("zh-Hans");

    /// <summary>A third language is a line here and a set of resource files.</summary>
    public static readonly IReadOnlyList<CultureInfo> All = [English, Chinese];

    /// <summary>Each by its own name, to choose from.</summary>
    public static readonly IReadOnlyList<SelectListItem> Items = [new("English", "en"), new("简体中文", "zh-Hans")];

    /// <summary>Of the request at hand.</summary>
    public static bool IsChinese => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";

    private static readonly object Key = new();

    public static CultureInfo Of(HttpContext context)
    {
        if (context.Items.TryGetValue(Key, out var known)) { return (CultureInfo)known!; }
        var language = (Api.ApiAddresses.IsApi(context) ? null : Find(SiteCookies.Read(context, SiteCookies.Language))) ?? Asked(context.Request);
        context.Items[Key] = language;
        return language;
    }

    public static CultureInfo? Find(string? code) => All.FirstOrDefault(l => string.Equals(l.Name, code, StringComparison.OrdinalIgnoreCase));

    /// <summary>Keeps the choice in the browser for a year; sign-in calls it with the language of the person's record.</summary>
    public static void Keep(HttpContext context, CultureInfo language) => SiteCookies.Keep(context, SiteCookies.Language, language.Name);

    public static Task UseAsync(HttpContext context, RequestDelegate next)
    {
        var language = Of(context);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (language, language);
        return next(context);
    }

    /// <summary>After the person is known: on a browser that keeps no choice yet, the language of the person's record.</summary>
    public static Task UsePersonsAsync(HttpContext context, RequestDelegate next)
    {
        if (SiteCookies.Read(context, SiteCookies.Language) is null && Access.Asker.Of(context) is { } asker && Find(asker.Language) is { } language)
        {
            context.Items[Key] = language;
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (language, language);
        }
        return next(context);
    }

    private static CultureInfo Asked(HttpRequest request)
    {
        string asked = request.Headers.AcceptLanguage.ToString();
        foreach (var range in asked.AsSpan().Split(','))
        {
            var tag = asked.AsSpan()[range].Trim();
            if (tag.StartsWith("zh", StringComparison.OrdinalIgnoreCase)) { return Chinese; }
            if (tag.StartsWith("en", StringComparison.OrdinalIgnoreCase)) { return English; }
        }
        return English;
    }

    private static CultureInfo Make(string name)
    {
        var culture = new CultureInfo(name, useUserOverride: false);
        var dates = culture.DateTimeFormat;
        // A month in letters or the year first: no reader can take the day for the month.
        (dates.ShortDatePattern, dates.ShortTimePattern) = name == "en" ? ("d MMM yyyy", "HH:mm") : ("yyyy-MM-dd", "HH:mm");
        dates.MonthDayPattern = name == "en" ? "d MMMM" : "M月d日";
        dates.LongDatePattern = name == "en" ? "d MMMM yyyy" : "yyyy年M月d日";
        culture.NumberFormat.NumberDecimalSeparator = ".";
        culture.NumberFormat.NumberGroupSeparator = ",";
        return CultureInfo.ReadOnly(culture);
    }
}
