using System.Globalization;
using System.Xml;
using Portal.Domain.Exchange;

namespace Portal.Web.Exchange.Readers;

internal enum NumberMeaning { Number, Date, Time }

/// <summary>Which numbers of a sheet are dates: decided by the number format of their style (ECMA-376 part 1, 18.8.30).</summary>
internal static class NumberFormats
{
    public static IReadOnlyList<NumberMeaning> Read(XmlReader part)
    {
        var formats = new Dictionary<int, NumberMeaning>();
        var styles = new List<NumberMeaning>();
        var inCellStyles = false;
        while (part.Read())
        {
            if (part.NodeType is XmlNodeType.EndElement && part.LocalName == "cellXfs") { inCellStyles = false; }
            if (part.NodeType is not XmlNodeType.Element) { continue; }
            if (part.LocalName == "numFmt" && int.TryParse(part.GetAttribute("numFmtId"), CultureInfo.InvariantCulture, out var id))
            {
                formats[id] = Meaning(part.GetAttribute("formatCode") ?? "");
            }
            else if (part.LocalName == "cellXfs") { inCellStyles = !part.IsEmptyElement; }
            else if (part.LocalName == "xf" && inCellStyles)
            {
                _ = int.TryParse(part.GetAttribute("numFmtId"), CultureInfo.InvariantCulture, out var format);
                styles.Add(formats.TryGetValue(format, out var meaning) ? meaning : BuiltIn(format));
            }
        }
        return styles;
    }

    /// <returns>A DateTime, a TimeSpan for a time of day, or a <see cref="ValueProblem"/> outside the calendar.</returns>
    public static object ToDate(double serial, NumberMeaning meaning, bool from1904)
    {
        var raw = serial.ToString("R", CultureInfo.InvariantCulture);
        if (meaning is NumberMeaning.Time && serial is >= 0 and < 1) { return RoundToMillisecond(TimeSpan.FromDays(serial)); }
        if (from1904) { serial += 1462; }
        // Excel counts 29 February 1900, a day that never was; before it every serial is one behind.
        if (serial is >= 60 and < 61 && !from1904) { return new ValueProblem(ImportRefusals.NotADate, raw); }
        if (serial < 60 && !from1904) { serial += 1; }
        if (!(serial >= 1) || serial >= 2_958_466) { return new ValueProblem(ImportRefusals.NotADate, raw); }
        var days = Math.Floor(serial);
        return new DateTime(1899, 12, 30).AddDays(days) + RoundToMillisecond(TimeSpan.FromDays(serial - days));
    }

    private static TimeSpan RoundToMillisecond(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds));

    private static NumberMeaning BuiltIn(int format) => format switch
    {
        >= 14 and <= 17 or 22 or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58 => NumberMeaning.Date,
        (>= 18 and <= 21) or (>= 32 and <= 35) or (>= 45 and <= 47) or 55 or 56 => NumberMeaning.Time,
        _ => NumberMeaning.Number,
    };

    private static NumberMeaning Meaning(string format)
    {
        var (date, time) = (false, false);
        for (var i = 0; i < format.Length; i++)
        {
            switch (format[i])
            {
                case ';': return Decide(date, time);   // Positive numbers decide.
                case '"': i = Math.Max(i, format.IndexOf('"', i + 1)); break;
                case '\\' or '_' or '*': i++; break;
                case '[':
                    var end = format.IndexOf(']', i);
                    if (end < 0) { return Decide(date, time); }
                    time |= format.AsSpan(i + 1, end - i - 1) is "h" or "hh" or "m" or "mm" or "s" or "ss";
                    i = end;
                    break;
                case 'y' or 'Y' or 'd' or 'D' or 'e': date = true; break;
                case 'h' or 'H' or 's' or 'S': time = true; break;
                case 'm' or 'M': date |= !time && !format.AsSpan(i).TrimStart("mM").StartsWith(":"); break;
                case 'G' when format.AsSpan(i).StartsWith("General", StringComparison.OrdinalIgnoreCase): i += 6; break;
                case '0' or '#' or '?': if (!date && !time) { return NumberMeaning.Number; } break;
            }
        }
        return Decide(date, time);
    }

    private static NumberMeaning Decide(bool date, bool time) => date ? NumberMeaning.Date : time ? NumberMeaning.Time : NumberMeaning.Number;
}
