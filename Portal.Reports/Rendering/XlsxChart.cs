using System.Globalization;
using System.Text;

namespace Portal.Reports.Rendering;

/// <summary>A chart over numbers that stand in a sheet: drawn by the program that opens the workbook, and changed with the numbers.</summary>
/// <param name="Chart">A second series of a funnel is in the cells and not drawn.</param>
/// <param name="HeaderRow">1-based row with the names of the series; the categories are in column A below it.</param>
internal sealed record XlsxChart(Chart Chart, int HeaderRow)
{
    /// <summary>Rows that the drawing takes, so that the next one stands below it.</summary>
    public const int Height = 20;

    private const string Drawing = "http://schemas.openxmlformats.org/drawingml/2006/main";
    private const string Charts = "http://schemas.openxmlformats.org/drawingml/2006/chart";
    private const int Width = 8;

    private static readonly string[] Colours = ["1F5FA8", "D9822B", "2F8F5B", "8A5CC7", "B5382F", "4F7F8C"];

    /// <summary>Where it stands: right of the numbers.</summary>
    public string Anchor(int number) => string.Create(CultureInfo.InvariantCulture, $"""
        <xdr:twoCellAnchor><xdr:from><xdr:col>{Chart.Series.Count + 2}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{HeaderRow - 2}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>{Chart.Series.Count + 2 + Width}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{HeaderRow - 2 + Height}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="{number + 1}" name="Chart {number}" descr="{Text(Chart.Title)}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="{Charts}"><c:chart xmlns:c="{Charts}" r:id="rId{number}"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>
        """).Trim();

    /// <param name="sheet">The name of the sheet with the numbers, quoted as a formula takes it.</param>
    public string ToXml(string sheet)
    {
        var drawn = Chart.Kind is ChartKind.Funnel ? Chart.Series.Take(1).ToList() : [.. Chart.Series];
        var series = string.Concat(drawn.Select((s, i) => Series(s, i, sheet)));
        // Ids that the axes and the plot share; any two numbers do.
        const string Axes = "<c:axId val=\"1001\"/><c:axId val=\"1002\"/>";
        var plot = Chart.Kind switch
        {
            ChartKind.Line => $"<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>{series}<c:marker val=\"1\"/>{Axes}</c:lineChart>",
            ChartKind.Funnel => $"<c:barChart><c:barDir val=\"bar\"/><c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/>{series}<c:gapWidth val=\"30\"/>{Axes}</c:barChart>",
            _ => $"<c:barChart><c:barDir val=\"col\"/><c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/>{series}<c:gapWidth val=\"60\"/>{Axes}</c:barChart>",
        };
        // The stages of a funnel are read downwards, its values along the bottom.
        var (order, categories, values, crosses) = Chart.Kind is ChartKind.Funnel ? ("maxMin", "l", "b", "max") : ("minMax", "b", "l", "autoZero");
        var legend = drawn.Count > 1 ? "<c:legend><c:legendPos val=\"t\"/><c:overlay val=\"0\"/></c:legend>" : "";
        return $"""
            <c:chartSpace xmlns:c="{Charts}" xmlns:a="{Drawing}"><c:roundedCorners val="0"/><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1200" b="1"/></a:pPr><a:r><a:rPr lang="en-US" sz="1200" b="1"/><a:t>{Text(Chart.Title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>{plot}<c:catAx><c:axId val="1001"/><c:scaling><c:orientation val="{order}"/></c:scaling><c:delete val="0"/><c:axPos val="{categories}"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:crossAx val="1002"/><c:crosses val="autoZero"/></c:catAx><c:valAx><c:axId val="1002"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="{values}"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9DEE4"/></a:solidFill></a:ln></c:spPr></c:majorGridlines><c:numFmt formatCode="#,##0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1001"/><c:crosses val="{crosses}"/></c:valAx></c:plotArea>{legend}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>
            """;
    }

    private string Series(ChartSeries series, int index, string sheet)
    {
        var (first, last) = (HeaderRow + 1, HeaderRow + Chart.Categories.Count);
        var column = (char)('B' + index);
        var colour = $"<a:solidFill><a:srgbClr val=\"{Colours[index % Colours.Length]}\"/></a:solidFill>";
        var look = Chart.Kind is ChartKind.Line
            ? $"<c:spPr><a:ln w=\"22225\">{colour}</a:ln></c:spPr><c:marker><c:symbol val=\"{(index % 3) switch { 0 => "circle", 1 => "square", _ => "triangle" }}\"/><c:size val=\"5\"/><c:spPr>{colour}</c:spPr></c:marker>"
            : $"<c:spPr>{colour}</c:spPr><c:invertIfNegative val=\"0\"/>";
        var names = new StringBuilder();
        var values = new StringBuilder();
        for (var i = 0; i < Chart.Categories.Count; i++)
        {
            names.Append(CultureInfo.InvariantCulture, $"<c:pt idx=\"{i}\"><c:v>{Text(Chart.Categories[i])}</c:v></c:pt>");
            if (series.Values[i] is { } value) { values.Append(CultureInfo.InvariantCulture, $"<c:pt idx=\"{i}\"><c:v>{value:0.############################}</c:v></c:pt>"); }
        }
        var count = Chart.Categories.Count.ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"""
            <c:ser><c:idx val="{index}"/><c:order val="{index}"/><c:tx><c:strRef><c:f>{Text(sheet)}!${column}${HeaderRow}</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{Text(series.Name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>{look}<c:cat><c:strRef><c:f>{Text(sheet)}!$A${first}:$A${last}</c:f><c:strCache><c:ptCount val="{count}"/>{names}</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>{Text(sheet)}!${column}${first}:${column}${last}</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="{count}"/>{values}</c:numCache></c:numRef></c:val>{(Chart.Kind is ChartKind.Line ? "<c:smooth val=\"0\"/>" : "")}</c:ser>
            """).Trim();
    }

    private static string Text(string text) => XlsxWriter.Attribute(text);
}
