using System.Buffers.Text;
using System.Globalization;
using System.Linq.Expressions;
using System.Text;

namespace Portal.Domain.Common;

/// <summary>
/// A place in an ordered list: the sort value and id of a row that was shown. Opaque in an address; it names no page number,
/// so a list is as fast at its end as at its beginning, and rows that come or go meanwhile shift nothing.
/// </summary>
/// <param name="Backward">True for the rows before this place.</param>
/// <param name="Sort">The sort it was made for, with its direction; a cursor of another sort does not count.</param>
/// <param name="Value">As <see cref="KeyPaging.Write"/> wrote it; null where the sort value is absent.</param>
public sealed record KeyCursor(bool Backward, string Sort, string? Value, long Id)
{
    private const int Longest = 2000;

    public string Encode()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{(Backward ? '<' : '>')}{Sort}\n{Id}\n{(Value is null ? "-" : "=")}{Value}");
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }

    /// <returns>Null for anything that <see cref="Encode"/> did not make: the list then starts at its beginning.</returns>
    public static KeyCursor? Decode(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > Longest || !Base64Url.IsValid(text)) { return null; }
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('\n', 3);
        if (parts.Length != 3 || parts[0].Length < 2 || parts[2].Length == 0) { return null; }
        if (!long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)) { return null; }
        return (parts[0][0], parts[2][0]) switch
        {
            ('<' or '>', '-') when parts[2].Length == 1 => new(parts[0][0] == '<', parts[0][1..], null, id),
            ('<' or '>', '=') => new(parts[0][0] == '<', parts[0][1..], parts[2][1..], id),
            _ => null,
        };
    }
}

/// <summary>Paging by key: order, place and the condition between them, as expressions that the database can answer from an index.</summary>
public static class KeyPaging
{
    private static readonly Type[] Sortable =
        [typeof(string), typeof(int), typeof(long), typeof(decimal), typeof(DateOnly), typeof(DateTimeOffset)];

    public static bool CanSort(Type type) => Array.IndexOf(Sortable, Nullable.GetUnderlyingType(type) ?? type) >= 0;

    /// <summary>Writes a sort value for a cursor, exactly: reading it back gives an equal value.</summary>
    public static string? Write(object? value) => value switch
    {
        null => null,
        string text => text,
        DateOnly date => date.ToString("o", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.UtcTicks.ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{value.GetType().Name} cannot be a sort value", nameof(value)),
    };

    /// <returns>False where the text is no value of the type.</returns>
    public static bool TryRead(Type type, string text, out object? value)
    {
        var culture = CultureInfo.InvariantCulture;
        type = Nullable.GetUnderlyingType(type) ?? type;
        value = null;
        if (type == typeof(string)) { value = text; }
        else if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var whole)) { value = whole; }
        else if (type == typeof(long) && long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var big)) { value = big; }
        else if (type == typeof(decimal) && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, culture, out var exact)
            && Math.Abs(exact) <= Money.Largest) { value = exact; }
        else if (type == typeof(DateOnly) && DateOnly.TryParseExact(text, "o", culture, DateTimeStyles.None, out var date)) { value = date; }
        else if (type == typeof(DateTimeOffset) && long.TryParse(text, NumberStyles.None, culture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks)
        {
            value = new DateTimeOffset(ticks, TimeSpan.Zero);
        }
        return value is not null;
    }

    /// <summary>
    /// The condition "after this place" in the order (key, id). The plain bound on the key stands beside the exact condition because an engine
    /// seeks an index by a bound and not by an OR.
    /// </summary>
    /// <param name="place">The sort value at the place; null where it is absent there.</param>
    /// <param name="nullsFirst">Whether absent keys come before all others in this direction: differs by engine.</param>
    public static Expression After(Expression key, Expression id, Expression? place, Expression placeId, bool descending, bool nullsFirst)
    {
        var idAfter = descending ? Expression.LessThan(id, placeId) : Expression.GreaterThan(id, placeId);
        var canBeAbsent = !key.Type.IsValueType || Nullable.GetUnderlyingType(key.Type) is not null;
        var absent = canBeAbsent ? Expression.Equal(key, Expression.Constant(null, key.Type)) : null;
        if (place is null)
        {
            if (absent is null) { return idAfter; }
            var amongAbsent = Expression.AndAlso(absent, idAfter);
            return nullsFirst ? Expression.OrElse(amongAbsent, Expression.Not(absent)) : amongAbsent;
        }
        var bound = Compare(key, place, descending ? ExpressionType.LessThanOrEqual : ExpressionType.GreaterThanOrEqual);
        var beyond = Compare(key, place, descending ? ExpressionType.LessThan : ExpressionType.GreaterThan);
        var after = Expression.AndAlso(bound, Expression.OrElse(beyond, idAfter));
        return absent is null || nullsFirst ? after : Expression.OrElse(after, absent);
    }

    /// <summary>A comparison that also serves text, which has no operators.</summary>
    public static Expression Compare(Expression left, Expression right, ExpressionType comparison)
    {
        if (left.Type == typeof(string))
        {
            var compared = Expression.Call(typeof(string), nameof(string.Compare), null, left, right);
            return Expression.MakeBinary(comparison, compared, Expression.Constant(0));
        }
        return Expression.MakeBinary(comparison, left, left.Type == right.Type ? right : Expression.Convert(right, left.Type));
    }
}
