using System.Text.RegularExpressions;

namespace Portal.Web.Exchange;

public enum DateOrder { YearFirst, DayFirst, MonthFirst }

public enum DecimalMark { Point, Comma }

/// <summary>How a file writes dates and numbers, told from its cells. A guess is made only where the cells can be read in no other way: nobody notices a month that became a day.</summary>
public static partial class FileWriting
{
    /// <returns>Null where days and months could change places, or where the cells contradict each other.</returns>
    public static DateOrder? Dates(IEnumerable<string> cells)
    {
        var (any, day, month, points) = (false, false, false, true);
        foreach (var cell in cells)
        {
            if (YearLast().Match(cell) is not { Success: true } date) { continue; }
            any = true;
            day |= int.Parse(date.Groups["a"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) > 12;
            month |= int.Parse(date.Groups["b"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) > 12;
            points &= date.Groups["mark"].ValueSpan is ".";
        }
        return (any, day, month) switch
        {
            (false, _, _) => DateOrder.YearFirst,
            (_, true, false) => DateOrder.DayFirst,
            (_, false, true) => DateOrder.MonthFirst,
            // Nobody writes the month first with points between.
            (_, false, false) when points => DateOrder.DayFirst,
            _ => null,
        };
    }

    /// <returns>Null where a mark could part thousands or decimals, or where the cells contradict each other.</returns>
    public static DecimalMark? Numbers(IEnumerable<string> cells)
    {
        var (point, comma, either) = (false, false, false);
        foreach (var cell in cells)
        {
            var text = Blanks().Replace(cell, "");
            if (text.IndexOfAny(['.', ',']) < 0) { continue; }
            var (byPoint, byComma) = (PointNumber().IsMatch(text), CommaNumber().IsMatch(text));
            point |= byPoint && !byComma;
            comma |= byComma && !byPoint;
            either |= byPoint && byComma;
        }
        return (point, comma) switch
        {
            (true, false) => DecimalMark.Point,
            (false, true) => DecimalMark.Comma,
            (false, false) when !either => DecimalMark.Point,
            _ => null,
        };
    }

    [GeneratedRegex(@"^(?<a>\d{1,2})(?<mark>[./-])(?<b>\d{1,2})\k<mark>\d{4}(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex YearLast();

    [GeneratedRegex(@"[\s'’]", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^[-+]?([1-9]\d{0,2}(,\d{3})+|\d+)(\.\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PointNumber();

    [GeneratedRegex(@"^[-+]?([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex CommaNumber();
}
