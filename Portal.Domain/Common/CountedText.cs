using System.Globalization;

namespace Portal.Domain.Common;

/// <summary>
/// A sentence with a number in it: <c>{0} {0:company|companies} changed</c>. Of two forms beside a place the first stands for one, the second for any other
/// number. Languages with one form write none. Portal.Identity knows nothing of the domain and compiles this file for itself; who may use it is said beside, in each project.
/// </summary>
partial class CountedText : IFormatProvider, ICustomFormatter
{
    private readonly CultureInfo _culture;

    private CountedText(CultureInfo culture) => _culture = culture;

    /// <param name="values">A number may come as the text that it is shown as.</param>
    public static string Format(CultureInfo culture, string text, params object?[] values) =>
        string.Format(text.Contains('|', StringComparison.Ordinal) ? new CountedText(culture) : culture, text, values);

    public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : _culture.GetFormat(formatType);

    public string Format(string? format, object? arg, IFormatProvider? formatProvider) => format?.Split('|') switch
    {
        [var one, var others] => Convert.ToString(arg, CultureInfo.InvariantCulture) is "1" ? one : others,
        _ => arg is IFormattable value ? value.ToString(format, _culture) : arg?.ToString() ?? "",
    };
}
