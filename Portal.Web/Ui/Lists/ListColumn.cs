using System.Globalization;
using System.Linq.Expressions;
using System.Text.Encodings.Web;
using Microsoft.Extensions.Localization;
using Portal.Domain.Catalog;
using Portal.Reports.Rendering;

namespace Portal.Web.Ui.Lists;

/// <summary>How serious a state is. The word says it too: colour is never the only sign.</summary>
public enum Tone { Plain, Info, Ok, Warn, Bad }

/// <summary>How a column's value reaches a program: what it is, whatever a reader is shown.</summary>
public enum ValueForm { Text, Word, Words, Whole, Exact, Money, Date, Instant, YesNo, Record, Name }

/// <summary>A column: where its values come from and how one is written. Values stand in a row in consecutive slots.</summary>
public abstract class ListColumn(string key, string textKey, bool shown, params LambdaExpression[] slots)
{
    public string Key => key;
    public string TextKey => textKey;
    /// <summary>False for a column that a reader must choose before it is shown and selected.</summary>
    public bool Shown => shown;
    public virtual bool IsNumber => false;
    internal LambdaExpression[] Slots => slots;

    public virtual ValueForm Form => ValueForm.Text;

    /// <summary>A state speaks for itself on a phone; one that does not keeps its label.</summary>
    public virtual bool KeepsLabel => false;

    /// <summary>The words that a value can be, where they are few.</summary>
    public virtual IReadOnlyList<string> Options => [];

    /// <summary>True where the cell has nothing to say; a phone leaves it out.</summary>
    public virtual bool IsEmpty(object?[] row, int at) => row[at] is null or "";

    public abstract void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format);

    /// <summary>The typed value for a file: a date stays a date, an amount a number.</summary>
    public virtual void WriteCell(ICells cells, object?[] row, int at, ListFormat format) => cells.Text((string?)row[at]);

    /// <summary>What the column adds beside its value in a file that has one plain value per cell: the currency of an amount. Empty for nothing.</summary>
    public virtual string SecondTextKey => "";

    /// <summary>Adds the numbers of the records that the value speaks of, where it is written with their names.</summary>
    internal virtual void Numbers(object?[] row, int at, ISet<long> ids) { }
}

/// <summary>What writing needs to know of the reader, fetched once per list.</summary>
public sealed record ListFormat(CultureInfo Culture, TimeZoneInfo TimeZone, IStringLocalizer Text)
{
    /// <summary>For the rows being written.</summary>
    public IReadOnlyDictionary<long, RecordName> Names { get; internal set; } = new Dictionary<long, RecordName>();

    public void Formatted<T>(TextWriter to, T value, string pattern) where T : ISpanFormattable
    {
        Span<char> buffer = stackalloc char[64];
        if (value.TryFormat(buffer, out var length, pattern, Culture)) { to.Write(buffer[..length]); }
        else { to.Write(value.ToString(pattern, Culture)); }
    }
}

internal sealed class TextColumn(string key, string textKey, bool shown, LambdaExpression value) : ListColumn(key, textKey, shown, value)
{
    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format) => encoder.Encode(to, (string)row[at]!);
}

/// <summary>Where somebody is reached: it opens the reader's program for that. What it is shows by itself, so a phone leaves the label out.</summary>
/// <param name="scheme"><c>mailto:</c> or <c>tel:</c>.</param>
internal sealed class ReachColumn(string key, string textKey, bool shown, LambdaExpression value, string scheme) : ListColumn(key, textKey, shown, value)
{
    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format)
    {
        to.Write("<a class=\"reach\" href=\"");
        encoder.Encode(to, scheme + (string)row[at]!);
        to.Write("\">");
        encoder.Encode(to, (string)row[at]!);
        to.Write("</a>");
    }
}

/// <summary>A unit of measure, kept as a code and told in words.</summary>
internal sealed class UnitColumn(string key, string textKey, bool shown, LambdaExpression value) : ListColumn(key, textKey, shown, value)
{
    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format) => encoder.Encode(to, Units.Word((string?)row[at], format.Culture));

    public override void WriteCell(ICells cells, object?[] row, int at, ListFormat format) => cells.Text(Units.Word((string?)row[at], format.Culture));
}

/// <summary>Text that is written in another form than it is kept in.</summary>
internal sealed class FormedColumn(string key, string textKey, bool shown, LambdaExpression value, Func<string, string> form) : ListColumn(key, textKey, shown, value)
{
    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format) => encoder.Encode(to, form((string)row[at]!));

    public override void WriteCell(ICells cells, object?[] row, int at, ListFormat format) => cells.Text(row[at] is string text ? form(text) : null);
}

/// <summary>Text that leads to another record.</summary>
internal sealed class LinkColumn(string key, string textKey, bool shown, LambdaExpression value, LambdaExpression target, string path)
    : ListColumn(key, textKey, shown, value, target)
{
    public override ValueForm Form => ValueForm.Record;

    private readonly string[] _path = path.Split("{id}", 2);

    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format)
    {
        if (row[at + 1] is not long id) { encoder.Encode(to, (string)row[at]!); return; }
        to.Write("<a href=\"");
        to.Write(_path[0]);
        format.Formatted(to, id, "D");
        to.Write(_path[1]);
        to.Write("\">");
        encoder.Encode(to, (string)row[at]!);
        to.Write("</a>");
    }
}

/// <summary>A name kept in two languages.</summary>
internal sealed class NamedColumn(string key, string textKey, bool shown, LambdaExpression name, LambdaExpression chinese) : ListColumn(key, textKey, shown, name, chinese)
{
    public override ValueForm Form => ValueForm.Name;

    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format) => encoder.Encode(to, Name(row, at, format));

    private static string Name(object?[] row, int at, ListFormat format) =>
        format.Culture.TwoLetterISOLanguageName == "zh" && row[at + 1] is string { Length: > 0 } chinese ? chinese : (string)row[at]!;
}

internal sealed class NumberColumn(string key, string textKey, bool shown, LambdaExpression value, string? unit) : ListColumn(key, textKey, shown, value)
{
    public override ValueForm Form => (Nullable.GetUnderlyingType(value.ReturnType) ?? value.ReturnType) == typeof(decimal) ? ValueForm.Exact : ValueForm.Whole;

    public override bool IsNumber => true;

    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format)
    {
        switch (row[at])
        {
            case decimal number: format.Formatted(to, number, "#,##0.####"); break;
            case long number: format.Formatted(to, number, "#,##0"); break;
            case int number: format.Formatted(to, number, "#,##0"); break;
        }
        if (unit is not null) { to.Write(' '); encoder.Encode(to, unit); }
    }

    public override void WriteCell(ICells cells, object?[] row, int at, ListFormat format)
    {
        if (row[at] is decimal number) { cells.Number(number, 0); return; }
        cells.Whole(row[at] is { } whole ? Convert.ToInt64(whole, CultureInfo.InvariantCulture) : null);
    }
}

internal sealed class MoneyColumn(string key, string textKey, bool shown, LambdaExpression amount, LambdaExpression currency)
    : ListColumn(key, textKey, shown, amount, currency)
{
    public override ValueForm Form => ValueForm.Money;

    public override bool IsNumber => true;

    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format)
    {
        var code = (string)row[at + 1]!;
        var amount = (decimal)row[at]!;
        format.Formatted(to, amount, Display.Pattern(code, amount));
        to.Write(' ');
        encoder.Encode(to, code);
    }


    public override void WriteCell(ICells cells, object?[] row, int at, ListFormat format) => cells.Money((decimal?)row[at], (string?)row[at + 1]);

    public override string SecondTextKey => "field.currency";
}

internal sealed class DateColumn(string key, string textKey, bool shown, LambdaExpression value) : ListColumn(key, textKey, shown, value)
{
    public override ValueForm Form => ValueForm.Date;

    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format)
    {
        var date = (DateOnly)row[at]!;
        to.Write("<time datetime=\"");
        Span<char> buffer = stackalloc char[10];
        date.TryFormat(buffer, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        to.Write(buffer);
        to.Write("\">");
        format.Formatted(to, date, "d");
        to.Write("</time>");
    }

    public override void WriteCell(ICells cells, object?[] row, int at, ListFormat format) => cells.Date((DateOnly?)row[at]);
}

internal sealed class InstantColumn(string key, string textKey, bool shown, LambdaExpression value) : ListColumn(key, textKey, shown, value)
{
    public override ValueForm Form => ValueForm.Instant;

    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format) =>
        format.Formatted(to, TimeZoneInfo.ConvertTime((DateTimeOffset)row[at]!, format.TimeZone), "g");


    public override void WriteCell(ICells cells, object?[] row, int at, ListFormat format) => cells.Instant((DateTimeOffset?)row[at]);
}

internal sealed class BadgeColumn(string key, string textKey, bool shown, LambdaExpression value, Func<Enum, Tone> tone, bool labelled = false) : ListColumn(key, textKey, shown, value)
{
    public override bool KeepsLabel => labelled;

    public override ValueForm Form => ValueForm.Word;

    public override IReadOnlyList<string> Options => Enum.GetNames(Nullable.GetUnderlyingType(value.ReturnType) ?? value.ReturnType);

    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format)
    {
        var value = (Enum)row[at]!;
        to.Write(Opening(tone(value)));
        encoder.Encode(to, format.Text[Display.Key(value)].Value);
        to.Write("</span>");
    }


    internal static string Opening(Tone tone) => tone switch
    {
        Tone.Ok => "<span class=\"portal-badge ok\">",
        Tone.Warn => "<span class=\"portal-badge warn\">",
        Tone.Bad => "<span class=\"portal-badge bad\">",
        Tone.Info => "<span class=\"portal-badge info\">",
        _ => "<span class=\"portal-badge\">",
    };

    public override void WriteCell(ICells cells, object?[] row, int at, ListFormat format) => cells.Text(row[at] is Enum value ? format.Text[Display.Key(value)].Value : null);
}

/// <summary>Those of several words that hold, side by side.</summary>
internal sealed class WordsColumn(string key, string textKey, bool shown, Enum[] words, LambdaExpression[] holds) : ListColumn(key, textKey, shown, holds)
{
    public override ValueForm Form => ValueForm.Words;

    public override IReadOnlyList<string> Options => [.. words.Select(word => word.ToString())];

    public override bool IsEmpty(object?[] row, int at) => !Holding(row, at).Any();

    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format) =>
        encoder.Encode(to, string.Join(format.Text["list.words-separator"].Value, Holding(row, at).Select(word => format.Text[Display.Key(word)].Value)));

    public override void WriteCell(ICells cells, object?[] row, int at, ListFormat format) =>
        cells.Text(string.Join(format.Text["list.words-separator"].Value, Holding(row, at).Select(word => format.Text[Display.Key(word)].Value)));

    internal IEnumerable<Enum> Holding(object?[] row, int at) => words.Where((_, i) => row[at + i] is true);
}

/// <param name="otherwise">Key of the words for what is not so, where yes is the usual answer: they stand out, and a phone leaves the yes away. Null where no is the usual one and nothing is written for it.</param>
internal sealed class YesNoColumn(string key, string textKey, bool shown, LambdaExpression value, string? otherwise) : ListColumn(key, textKey, shown, value)
{
    public override ValueForm Form => ValueForm.YesNo;

    public override bool IsEmpty(object?[] row, int at) => otherwise is null && row[at] is not true;

    public override void Write(TextWriter to, HtmlEncoder encoder, object?[] row, int at, ListFormat format)
    {
        var yes = row[at] is true;
        if (otherwise is not null) { to.Write(yes ? "<span class=\"usual\">" : BadgeColumn.Opening(Tone.Warn)); }
        encoder.Encode(to, format.Text[yes ? "form.yes" : otherwise ?? "form.no"].Value);
        if (otherwise is not null) { to.Write("</span>"); }
    }

    public override void WriteCell(ICells cells, object?[] row, int at, ListFormat format) => cells.Text(format.Text[row[at] is true ? "form.yes" : "form.no"].Value);
}
