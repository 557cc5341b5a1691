using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Portal.Web.Ui.Details;

public enum ChartKind { Bar, StackedBar, Line, Area, Funnel, Donut }

/// <param name="Values">One per label; null where there is none.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<decimal?> Values);

/// <summary>
/// A chart with the table behind it. The table is in the page, readable without script and by everybody; script draws the chart from it and offers a switch.
/// </summary>
/// <param name="Id">Unique on the page.</param>
/// <param name="LabelTitle">What the labels are: week, stage.</param>
/// <param name="Unit">Shown with every value; empty for none.</param>
/// <param name="More">Where the whole of it stands; null for a chart that shows it all.</param>
public sealed record ChartView(string Id, string Title, ChartKind Kind, string LabelTitle, IReadOnlyList<string> Labels, IReadOnlyList<ChartSeries> Series, string Unit = "", bool Low = false, (string Text, string Path)? More = null)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        // The attribute's own encoding makes it safe; here only the reading of it counts.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public string Json => JsonSerializer.Serialize(new { Kind, Title, Labels, Series, Unit }, Form);
}

/// <summary>A card of a board.</summary>
/// <param name="Lines">Facts below the title.</param>
public sealed record BoardCard(long Id, string Title, string Path, IReadOnlyList<string> Lines);

/// <param name="Key">Posted as <c>lane</c> when a card is moved here.</param>
/// <param name="Summary">Beside the title: the number of cards, a sum.</param>
/// <param name="More">Leads to the whole of a lane that shows only its first cards; null where it shows all.</param>
public sealed record BoardLane(string Key, string Title, string Summary, IReadOnlyList<BoardCard> Cards, Fact? More = null);

/// <summary>Cards in lanes, moved by mouse, finger or the menu on each card. A move posts <c>id</c> and <c>lane</c>; the page is shown anew after it.</summary>
/// <param name="MovePath">Null for a board that the reader may only look at.</param>
public sealed record BoardView(string Title, IReadOnlyList<BoardLane> Lanes, string? MovePath);
