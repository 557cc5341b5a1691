using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Ui.Lists;

/// <summary>A filter of a list, read from the query string. What cannot be read does not filter, and the list says so: an old address still opens it.</summary>
public abstract class ListFilter(string key, string textKey)
{
    public string Key => key;
    public string TextKey => textKey;

    /// <summary>The names under which the filter stands in an address.</summary>
    public virtual IReadOnlyList<string> Names => [Key];

    /// <returns>Null when the filter is not set.</returns>
    internal abstract FilterUse? Read(IQueryCollection query, Viewer viewer);

    internal bool IsSet(IQueryCollection query)
    {
        foreach (var name in Names) { if (query.ContainsKey(name)) { return true; } }
        return false;
    }

    /// <summary>What stands in the address for this filter and cannot be read.</summary>
    internal virtual IEnumerable<string> Unread(IQueryCollection query, Viewer viewer) => Read(query, viewer) is null ? Names.Select(name => query[name].ToString().Trim()).Where(text => text.Length > 0) : [];

    /// <summary>False for a condition that no reader sets in the filter's panel.</summary>
    internal virtual bool HasField => true;

    /// <summary>Writes label and input. An unset filter's depend on the list and the language alone.</summary>
    internal virtual void WriteField(HtmlWriting to, ListView view)
    {
    }

    private protected string Label(ListView view) => view.Text[TextKey].Value;

    /// <returns>The id of the input.</returns>
    private protected string WriteLabel(HtmlWriting to, ListView view)
    {
        var id = $"{view.ElementId}-{Key}";
        to.Raw("<div class=\"portal-field\"><label class=\"form-label\"");
        to.Attribute("for", id);
        to.Raw(">");
        to.Text(Label(view));
        to.Raw("</label>");
        return id;
    }
}

/// <summary>A filter in use: its values become parameters of the query; the condition is built once for all values of the same form.</summary>
/// <param name="Form">Which of the filter's conditions; part of what makes two queries the same.</param>
/// <param name="Source">What the query begins with instead of all records; the condition then does not count.</param>
internal sealed record FilterUse(int Form, object?[] Values, Type[] Types, Func<Expression[], LambdaOver, Expression> Condition, Func<DbContext, IQueryable>? Source = null);

/// <summary>Turns an expression over the row into one over the entity of the query being built.</summary>
internal delegate Expression LambdaOver(LambdaExpression overRow, params Expression[] more);

public sealed class SearchFilter : ListFilter
{
    private readonly Func<string, FilterUse?> _use;

    internal SearchFilter(LambdaExpression condition, Func<string, string> normalize) : base("q", "list.search") =>
        _use = words => normalize(words) is { Length: > 0 } normal ? new(1, [normal], [typeof(string)], (values, over) => over(condition, values[0])) : null;

    /// <param name="matching">The records that the words find.</param>
    internal SearchFilter(Func<DbContext, string, IQueryable> matching) : base("q", "list.search") =>
        _use = words => new(1, [], [], static (_, _) => Expression.Constant(true), db => matching(db, words));

    /// <summary>Longer words are cut: nobody types them, and no index needs them.</summary>
    private const int Longest = 100;

    internal override FilterUse? Read(IQueryCollection query, Viewer viewer)
    {
        var words = query[Key].ToString().Trim();
        return words.Length == 0 ? null : _use(words.Length > Longest ? words[..Longest] : words);
    }

    /// <summary>Signs alone are no words, and nothing is searched for them.</summary>
    internal override IEnumerable<string> Unread(IQueryCollection query, Viewer viewer) => [];

    internal override bool HasField => false;
}

/// <summary>One or several of a few words, as <see cref="Options"/> names them.</summary>
public sealed class ChoiceFilter(string key, string textKey, LambdaExpression value) : ListFilter(key, textKey)
{
    private readonly Type _type = Nullable.GetUnderlyingType(value.ReturnType) ?? value.ReturnType;

    public IReadOnlyList<Enum> Options { get; } =
        [.. Enum.GetValues(Nullable.GetUnderlyingType(value.ReturnType) ?? value.ReturnType).Cast<Enum>()];

    internal override FilterUse? Read(IQueryCollection query, Viewer viewer)
    {
        var chosen = query[Key].Select(OptionOf).OfType<Enum>().Distinct().ToArray();
        if (chosen.Length == 0) { return null; }
        if (chosen.Length == 1)
        {
            return new(1, [chosen[0]], [_type], (values, over) => { var v = over(value); return Expression.Equal(v, Convert(values[0], v.Type)); });
        }
        var many = Array.CreateInstance(value.ReturnType, chosen.Length);
        for (var i = 0; i < chosen.Length; i++) { many.SetValue(chosen[i], i); }
        return new(2, [many], [many.GetType()], (values, over) =>
            Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [value.ReturnType], values[0], over(value)));
    }

    internal override IEnumerable<string> Unread(IQueryCollection query, Viewer viewer) => query[Key].OfType<string>().Where(word => word.Length > 0 && OptionOf(word) is null);

    private Enum? OptionOf(string? word) => Options.FirstOrDefault(o => string.Equals(o.ToString(), word, StringComparison.OrdinalIgnoreCase));

    internal override void WriteField(HtmlWriting to, ListView view)
    {
        to.Raw("<fieldset class=\"portal-filter-choices\"><legend>");
        to.Text(Label(view));
        to.Raw("</legend><div>");
        foreach (var option in Options) { to.Check(Key, option.ToString(), view.IsChosen(Key, option), view.Text[Display.Key(option)].Value); }
        to.Raw("</div></fieldset>");
    }

    internal static Expression Convert(Expression from, Type to) => from.Type == to ? from : Expression.Convert(from, to);
}

/// <summary>One of a few words, each with a condition of its own: a role that a company has among others.</summary>
public sealed class CaseFilter(string key, string textKey, IReadOnlyList<(Enum Option, LambdaExpression Condition)> cases) : ListFilter(key, textKey)
{
    public IReadOnlyList<Enum> Options { get; } = [.. cases.Select(c => c.Option)];

    internal override FilterUse? Read(IQueryCollection query, Viewer viewer)
    {
        var word = query[Key].ToString();
        for (var i = 0; i < cases.Count; i++)
        {
            var condition = cases[i].Condition;
            if (string.Equals(cases[i].Option.ToString(), word, StringComparison.OrdinalIgnoreCase)) { return new(i + 1, [], [], (_, over) => over(condition)); }
        }
        return null;
    }

    internal override void WriteField(HtmlWriting to, ListView view)
    {
        var id = WriteLabel(to, view);
        to.Select(id, Key, "list.any", Options.Select(option => (option.ToString(), view.Text[Display.Key(option)].Value, view.IsChosen(Key, option))));
        to.Raw("</div>");
    }
}

/// <summary>A stored word, exactly: a code out of a list, or what the reader types.</summary>
/// <param name="options">Code and name in the reader's language; null for free input.</param>
public sealed class WordFilter(string key, string textKey, LambdaExpression value, Func<IReadOnlyList<(string Code, string Name)>>? options) : ListFilter(key, textKey)
{
    private const int Longest = 100;

    public IReadOnlyList<(string Code, string Name)>? Options => options?.Invoke();

    internal override FilterUse? Read(IQueryCollection query, Viewer viewer)
    {
        var word = query[Key].ToString().Trim();
        return word.Length is 0 or > Longest ? null : new(1, [word], [typeof(string)], (values, over) => Expression.Equal(over(value), values[0]));
    }

    internal override void WriteField(HtmlWriting to, ListView view)
    {
        var (id, chosen) = (WriteLabel(to, view), view.Value(Key));
        if (Options is { } words) { to.Select(id, Key, "list.any", words.Select(word => (word.Code, word.Name, word.Code == chosen))); }
        else
        {
            to.Raw("<input class=\"form-control\" maxlength=\"100\"");
            to.Attribute("id", id);
            to.Attribute("name", Key);
            to.Attribute("value", chosen);
            to.Raw(">");
        }
        to.Raw("</div>");
    }
}

/// <summary>One record of another kind, chosen by name; <paramref name="value"/> is the id that must equal it, or a condition on row and chosen id.</summary>
public sealed class LookUpFilter(string key, string textKey, LambdaExpression value, string lookUp) : ListFilter(key, textKey)
{
    /// <summary>The name of the look-up that finds and names the record.</summary>
    public string LookUp => lookUp;

    public override IReadOnlyList<string> Names => [Key, Key + ".words"];

    internal override FilterUse? Read(IQueryCollection query, Viewer viewer) =>
        !long.TryParse(query[Key].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? null
        : value.Parameters.Count == 2 ? new(1, [id], [typeof(long)], (values, over) => over(value, values[0]))
        : new(1, [id], [typeof(long)], (values, over) => { var v = over(value); return Expression.Equal(v, ChoiceFilter.Convert(values[0], v.Type)); });

    internal override void WriteField(HtmlWriting to, ListView view)
    {
        new LookUpInput(WriteLabel(to, view), Key, view.Value(Key), view.LookUpText(Key), LookUp, view.Text).WriteTo(to.Writer, to.Encoder);
        to.Raw("</div>");
    }
}

public enum RangeKind { Date, Instant, Number }

/// <summary>From and to, both included; either may be left open. The days of an instant are those of the reader's time zone.</summary>
public sealed class RangeFilter(string key, string textKey, LambdaExpression value, RangeKind kind) : ListFilter(key, textKey)
{
    private readonly Type _type = Nullable.GetUnderlyingType(value.ReturnType) ?? value.ReturnType;

    public RangeKind Kind => kind;
    public string FromName => Key + ".from";
    public string ToName => Key + ".to";
    public override IReadOnlyList<string> Names => [FromName, ToName];

    internal override FilterUse? Read(IQueryCollection query, Viewer viewer)
    {
        object? from = Parse(query[FromName].ToString(), viewer, end: false), to = Parse(query[ToName].ToString(), viewer, end: true);
        var upper = kind == RangeKind.Instant ? ExpressionType.LessThan : ExpressionType.LessThanOrEqual;
        return (from, to) switch
        {
            (null, null) => null,
            (not null, null) => new(1, [from], [_type], (v, over) => Bound(over, v[0], ExpressionType.GreaterThanOrEqual)),
            (null, not null) => new(2, [to], [_type], (v, over) => Bound(over, v[0], upper)),
            _ => new(3, [from, to], [_type, _type], (v, over) =>
                Expression.AndAlso(Bound(over, v[0], ExpressionType.GreaterThanOrEqual), Bound(over, v[1], upper))),
        };
    }

    internal override IEnumerable<string> Unread(IQueryCollection query, Viewer viewer) => Names.Select(name => query[name].ToString()).Where(text => text.Length > 0 && Parse(text, viewer, end: false) is null);

    internal override void WriteField(HtmlWriting to, ListView view)
    {
        var label = Label(view);
        to.Raw("<fieldset class=\"portal-filter-range\"><legend>");
        to.Text(label);
        to.Raw("</legend><div>");
        foreach (var (name, key) in new[] { (FromName, "list.from"), (ToName, "list.to") })
        {
            to.Raw(kind == RangeKind.Number ? "<input class=\"form-control\" type=\"text\" inputmode=\"decimal\"" : "<input class=\"form-control\" type=\"date\"");
            to.Attribute("name", name);
            to.Attribute("value", view.Value(name));
            to.Attribute("aria-label", view.Text[key, label].Value);
            to.Raw(">");
        }
        to.Raw("</div></fieldset>");
    }

    private Expression Bound(LambdaOver over, Expression limit, ExpressionType comparison) => KeyPaging.Compare(over(value), limit, comparison);

    private object? Parse(string text, Viewer viewer, bool end)
    {
        if (text.Length == 0) { return null; }
        if (kind == RangeKind.Number)
        {
            // A number typed with group separators, as the page itself shows it.
            if (!decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) > Money.Largest) { return null; }
            if (_type == typeof(decimal)) { return number; }
            var whole = end ? Math.Floor(number) : Math.Ceiling(number);
            return _type == typeof(int) ? (object)(int)Math.Clamp(whole, int.MinValue, int.MaxValue) : (long)whole;
        }
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) { return null; }
        if (kind == RangeKind.Date) { return date; }
        if (date.Year is < 1900 or > 9000) { return null; }
        var midnight = (end ? date.AddDays(1) : date).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, viewer.TimeZone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}

/// <summary>A yes-or-no condition, possibly about the reader: mine, overdue, without owner.</summary>
public sealed class FlagFilter(string key, string textKey, LambdaExpression condition, Func<Viewer, object>? about) : ListFilter(key, textKey)
{
    internal override FilterUse? Read(IQueryCollection query, Viewer viewer)
    {
        if (query[Key].ToString() is not ("1" or "true" or "on")) { return null; }
        if (about is null) { return new(1, [], [], (_, over) => over(condition)); }
        return new(1, [about(viewer)], [condition.Parameters[1].Type], (values, over) => over(condition, values[0]));
    }

    /// <summary>What is not yes is no.</summary>
    internal override IEnumerable<string> Unread(IQueryCollection query, Viewer viewer) => [];

    internal override void WriteField(HtmlWriting to, ListView view) => to.Check(Key, "1", view.Value(Key).Length > 0, Label(view));
}

/// <summary>A condition whose value the page gives, not the reader: the contacts of this company.</summary>
internal sealed class GivenFilter(string key, LambdaExpression condition) : ListFilter(key, "")
{
    public Type ValueType => condition.Parameters[1].Type;

    public override IReadOnlyList<string> Names => [];

    internal override FilterUse? Read(IQueryCollection query, Viewer viewer) => null;

    internal override bool HasField => false;

    internal FilterUse Use(object value) => new(1, [value], [ValueType], (values, over) => over(condition, values[0]));
}
