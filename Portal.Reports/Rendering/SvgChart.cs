using System.Globalization;
using Portal.Domain.Common;

namespace Portal.Reports.Rendering;

/// <summary>
/// Draws a chart as inline SVG: sharp on paper, no script, colours from the style sheet. Lines differ by dash and marker as well as by
/// colour, and every value also stands in the table beside it.
/// </summary>
/// <param name="abreast">It has half the page: drawn smaller, so that its words keep their size.</param>
internal sealed class SvgChart(Utf8Output output, Chart chart, ReportLanguage language, bool abreast = false)
{
    private const decimal Width = 760, WideWidth = 1080, HalfWidth = 620;
    private const int Palette = 6;

    public void Draw()
    {
        switch (chart.Kind)
        {
            case ChartKind.Funnel: Funnel(); break;
            case ChartKind.Bar: Bars(); break;
            case ChartKind.Line: Lines(); break;
            default: throw new InvalidOperationException($"Chart kind {chart.Kind}");
        }
    }

    /// <summary>The first series gives the widths, centred; a second one (a count) is told beside it.</summary>
    private void Funnel()
    {
        const decimal Step = 46, Gap = 3, Centre = 372, Widest = 380, Narrowest = 10;
        var values = chart.Series[0].Values.Select(v => Math.Max(v ?? 0, 0)).ToList();
        var most = Math.Max(values.DefaultIfEmpty().Max(), 0.0001m);
        Start(values.Count * Step + 4);
        for (var i = 0; i < values.Count; i++)
        {
            var top = 2 + i * Step;
            var bottom = top + Step - Gap;
            var wide = Half(values[i]);
            var narrow = i + 1 < values.Count ? Math.Min(wide, Half(values[i + 1])) : wide * 0.82m;
            var middle = (top + bottom) / 2;
            output.Raw("<path class=\"report-f0\" fill-opacity=\""u8);
            Number(Math.Max(0.42m, 1 - 0.11m * i), 2);
            output.Raw("\" d=\""u8);
            output.Raw($"M{N(Centre - wide + 3)} {N(top)}H{N(Centre + wide - 3)}Q{N(Centre + wide)} {N(top)} {N(Centre + wide)} {N(top + 3)}L{N(Centre + narrow)} {N(bottom)}H{N(Centre - narrow)}L{N(Centre - wide)} {N(top + 3)}Q{N(Centre - wide)} {N(top)} {N(Centre - wide + 3)} {N(top)}Z");
            output.Raw("\"/>"u8);
            Label(0, middle + 4, Cut(chart.Categories[i], 26), "start", "");
            Label(Width, middle + (chart.Series.Count > 1 ? -2 : 4), language.Number(values[i], chart.DecimalsOf(chart.Series[0])) + (chart.Unit.Length > 0 ? " " + chart.Unit : ""), "end", "");
            if (chart.Series.Count > 1)
            {
                var (number, beside) = (language.Number(chart.Series[1].Values[i] ?? 0, 0), chart.Series[1]);
                Label(Width, middle + 12, beside.Told is null ? $"{number} {beside.Name}" : CountedText.Format(language.Culture, beside.Told, number), "end", "report-muted");
            }
        }
        End();

        decimal Half(decimal value) => (Narrowest + (Widest - Narrowest) * value / most) / 2;
    }

    /// <summary>Lying bars: long names stay readable. Several series stand under each other.</summary>
    private void Bars()
    {
        const decimal Left = 178, Right = 650, Bar = 15;
        var (from, to, ticks) = Scale();
        var block = chart.Series.Count * (Bar + 2) + 12;
        var legend = 4 + LegendHeight(Left, Right);
        var height = legend + chart.Categories.Count * block + 26;
        Start(height);
        Legend(Left, Right);
        foreach (var tick in ticks)
        {
            Line("report-grid", X(tick), legend, X(tick), height - 24);
            Label(X(tick), height - 8, language.Compact(tick), "middle", "report-muted");
        }
        for (var i = 0; i < chart.Categories.Count; i++)
        {
            var top = legend + i * block + 6;
            Label(Left - 12, top + chart.Series.Count * (Bar + 2) / 2 + 4, Cut(chart.Categories[i], 28), "end", "");
            for (var s = 0; s < chart.Series.Count; s++)
            {
                if (chart.Series[s].Values[i] is not { } value) { continue; }
                var y = top + s * (Bar + 2);
                var (a, b) = value >= 0 ? (X(0), X(value)) : (X(value), X(0));
                output.Raw($"<rect class=\"report-f{s % Palette}\" x=\"{N(a)}\" y=\"{N(y)}\" width=\"{N(Math.Max(b - a, 1))}\" height=\"{N(Bar)}\" rx=\"2\"/>");
                Label(X(Math.Max(value, 0)) + 6, y + Bar - 3.5m, language.Number(value, chart.DecimalsOf(chart.Series[s])), "start", "report-muted");
            }
        }
        Line("report-axis", X(0), legend, X(0), height - 24);
        End();

        decimal X(decimal value) => Left + (Right - Left) * (value - from) / (to - from);
    }

    private void Lines()
    {
        const decimal Left = 58;
        var width = abreast ? HalfWidth : WideWidth;
        var right = width - 12;
        var top = 12 + LegendHeight(Left, right);
        var bottom = top + (abreast ? 136 : 220);
        var (from, to, ticks) = Scale();
        Start(bottom + 34, width);
        Legend(Left, right);
        foreach (var tick in ticks)
        {
            Line("report-grid", Left, Y(tick), right, Y(tick));
            Label(Left - 8, Y(tick) + 4, language.Compact(tick), "end", "report-muted");
        }
        // As many names as fit; each name needs about 72 units.
        var every = Math.Max(1, (int)Math.Ceiling(chart.Categories.Count / (abreast ? 7m : 13m)));
        for (var i = 0; i < chart.Categories.Count; i += every) 
        {
            // The last one ends with the plot, or the page would cut it off.
            var isLast = i == chart.Categories.Count - 1 && i > 0;
            Label(isLast ? right : X(i), bottom + 20, Cut(chart.Categories[i], 12), isLast ? "end" : "middle", "report-muted");
        }
        Line("report-axis", Left, Y(Math.Max(from, 0)), right, Y(Math.Max(from, 0)));
        for (var s = 0; s < chart.Series.Count; s++)
        {
            output.Raw($"<path class=\"report-trace report-l{s % Palette}\" d=\"");
            var pen = false;
            for (var i = 0; i < chart.Categories.Count; i++)
            {
                if (chart.Series[s].Values[i] is not { } value) { pen = false; continue; }
                output.Raw($"{(pen ? 'L' : 'M')}{N(X(i))} {N(Y(value))}");
                pen = true;
            }
            output.Raw("\"/>"u8);
            if (chart.Categories.Count > 60) { continue; }
            for (var i = 0; i < chart.Categories.Count; i++)
            {
                if (chart.Series[s].Values[i] is { } value) { Marker(s, X(i), Y(value)); }
            }
        }
        End();

        decimal X(int i) => chart.Categories.Count == 1 ? (Left + right) / 2 : Left + 14 + (right - Left - 28) * i / (chart.Categories.Count - 1);
        decimal Y(decimal value) => bottom - (bottom - top) * (value - from) / (to - from);
    }

    /// <summary>From a round number at or below the least value (zero at most) to one at or above the greatest, in steps of 1, 2 or 5.</summary>
    private (decimal From, decimal To, IReadOnlyList<decimal> Ticks) Scale()
    {
        var values = chart.Series.SelectMany(s => s.Values).OfType<decimal>().ToList();
        var least = Math.Min(0, values.DefaultIfEmpty().Min());
        var most = Math.Max(0, values.DefaultIfEmpty().Max());
        if (least == most) { most = least + 1; }
        var rough = (double)(most - least) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = (decimal)((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power);
        var from = Math.Floor(least / step) * step;
        var to = Math.Ceiling(most / step) * step;
        var ticks = new List<decimal>();
        for (var tick = from; tick <= to; tick += step) { ticks.Add(tick); }
        return (from, to, ticks);
    }

    private void Start(decimal height, decimal width = Width)
    {
        output.Raw($"<svg viewBox=\"0 0 {N(width)} {N(height)}\" role=\"img\" aria-label=\"");
        output.Html(chart.Title);
        output.Raw("\" xmlns=\"http://www.w3.org/2000/svg\">"u8);
    }

    private void End() => output.Raw("</svg>"u8);

    private const decimal LegendLine = 24;

    private decimal LegendHeight(decimal left, decimal right) =>
        chart.Series.Count < 2 ? 0 : LegendLine * (1 + LegendPlaces(left, right).Max(p => p.Line));

    /// <summary>Side by side while they fit, then on a further line.</summary>
    private IEnumerable<(string Name, decimal X, int Line)> LegendPlaces(decimal left, decimal right)
    {
        var (x, line) = (left, 0);
        foreach (var series in chart.Series)
        {
            var name = Cut(series.Name, 36);
            // Chinese characters are about twice as wide as Latin letters.
            var width = 54 + name.Sum(c => c > '\u2E7F' ? 12.5m : 6.8m);
            if (x > left && x + width > right) { (x, line) = (left, line + 1); }
            yield return (name, x, line);
            x += width;
        }
    }

    private void Legend(decimal left, decimal right)
    {
        if (chart.Series.Count < 2) { return; }
        foreach (var (s, (name, x, line)) in LegendPlaces(left, right).Index())
        {
            var y = 12 + line * LegendLine;
            if (chart.Kind is ChartKind.Line)
            {
                output.Raw($"<path class=\"report-trace report-l{s % Palette}\" d=\"M{N(x)} {N(y)}h26\"/>");
                Marker(s, x + 13, y);
            }
            else { output.Raw($"<rect class=\"report-f{s % Palette}\" x=\"{N(x + 12)}\" y=\"{N(y - 6)}\" width=\"12\" height=\"12\" rx=\"2\"/>"); }
            Label(x + 32, y + 4, name, "start", "");
        }
    }

    private void Marker(int series, decimal x, decimal y) => output.Raw((series % 4) switch
    {
        0 => $"<circle class=\"report-f{series % Palette}\" cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"3.4\"/>",
        1 => $"<rect class=\"report-f{series % Palette}\" x=\"{N(x - 3)}\" y=\"{N(y - 3)}\" width=\"6\" height=\"6\"/>",
        2 => $"<path class=\"report-f{series % Palette}\" d=\"M{N(x)} {N(y - 4)}l4 7h-8z\"/>",
        _ => $"<path class=\"report-f{series % Palette}\" d=\"M{N(x)} {N(y - 4.2m)}l4.2 4.2-4.2 4.2-4.2-4.2z\"/>",
    });

    private void Line(string css, decimal x1, decimal y1, decimal x2, decimal y2) =>
        output.Raw($"<path class=\"{css}\" d=\"M{N(x1)} {N(y1)}L{N(x2)} {N(y2)}\"/>");

    private void Label(decimal x, decimal y, string text, string anchor, string css)
    {
        output.Raw($"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\"{(css.Length > 0 ? $" class=\"{css}\"" : "")}>");
        output.Html(text);
        output.Raw("</text>"u8);
    }

    private void Number(decimal value, int decimals) => output.Raw(Math.Round(value, decimals).ToString(CultureInfo.InvariantCulture));

    private static string N(decimal value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - 1 - (char.IsHighSurrogate(text[most - 2]) ? 1 : 0))] + "…";
}
