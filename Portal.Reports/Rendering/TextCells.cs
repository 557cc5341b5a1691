namespace Portal.Reports.Rendering;

/// <summary>Keeps the last cell as text in the reader's language.</summary>
internal sealed class TextCells(ReportLanguage language) : ICells
{
    private string _text = "";

    public string Of<TRow>(Column<TRow> column, TRow row)
    {
        column.Write(row, this, language);
        return _text;
    }

    public void Text(string? value) => _text = value ?? "";
    public void Whole(long? value) => _text = value is { } v ? language.Number(v, 0) : "";
    public void Number(decimal? value, int decimals) => _text = value is { } v ? language.Number(v, decimals) : "";
    public void Money(decimal? amount, string? currency) => _text = amount is { } v ? language.Money(v, currency ?? "") : "";
    public void Quantity(decimal? value, string? unit) => _text = value is { } v ? $"{language.Number(v, v == decimal.Truncate(v) ? 0 : 2)} {language.Unit(unit)}".TrimEnd() : "";
    public void Percent(decimal? fraction) => _text = fraction is { } v ? language.Number(v * 100, 1) + " %" : "";
    public void Date(DateOnly? value) => _text = value is { } v ? language.TableDay(v) : "";
    public void Instant(DateTimeOffset? value) =>
        _text = value is { } v ? TimeZoneInfo.ConvertTime(v, language.Zone).ToString(language.InstantPattern, language.Culture) : "";
}
