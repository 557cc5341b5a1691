namespace Portal.Reports.Rendering;

/// <summary>
/// Takes the cells of one row, left to right. Null writes an empty cell. A column calls one method for each of its rows,
/// always the same one; nothing is boxed on the way.
/// </summary>
public interface ICells
{
    void Text(string? value);
    void Whole(long? value);

    /// <param name="decimals">Places shown; the file formats keep every place of the value.</param>
    void Number(decimal? value, int decimals);

    /// <param name="currency">ISO 4217 code.</param>
    void Money(decimal? amount, string? currency);

    /// <param name="unit">Code of the unit of measure, or empty; told in the reader's words where the file is for people.</param>
    void Quantity(decimal? value, string? unit);

    /// <param name="fraction">0.25 is 25 %.</param>
    void Percent(decimal? fraction);

    void Date(DateOnly? value);

    /// <param name="value">Any offset; shown in the reader's time zone, in CSV as UTC.</param>
    void Instant(DateTimeOffset? value);
}
