using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portal.Sqlite;

/// <summary>How values lie in SQLite so that it can order, compare, index and sum them.</summary>
public static class SqliteConventions
{
    /// <summary>Decimals with four places as 64-bit integers.</summary>
    private static readonly ValueConverter<decimal, long> Decimal = new(
        amount => (long)decimal.Round(amount * 10_000m, 0, MidpointRounding.AwayFromZero), stored => stored / 10_000m);

    /// <summary>Microseconds since 1970 in UTC.</summary>
    private static readonly ValueConverter<DateTimeOffset, long> Instant = new(
        at => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / 10, stored => new DateTimeOffset(stored * 10 + DateTimeOffset.UnixEpoch.UtcTicks, TimeSpan.Zero));

    /// <summary>As text, year first, which orders as dates do. The provider's own reading tries every format of a culture.</summary>
    private static readonly ValueConverter<DateOnly, string> Day = new(
        day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), stored => DayOf(stored));

    public static void Apply(ModelBuilder model)
    {
        foreach (var type in model.Model.GetEntityTypes()) { Apply(type); }
    }

    private static void Apply(IMutableTypeBase type)
    {
        foreach (var property in type.GetProperties())
        {
            var clr = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            if (clr == typeof(decimal)) { property.SetValueConverter(Decimal); property.SetPrecision(null); property.SetScale(null); }
            if (clr == typeof(DateOnly)) { property.SetValueConverter(Day); }
            if (clr == typeof(DateTimeOffset)) { property.SetValueConverter(Instant); }
        }
        foreach (var complex in type.GetComplexProperties()) { Apply(complex.ComplexType); }
    }

    private static DateOnly DayOf(string stored)
    {
        return stored.Length == 10
            ? new DateOnly(Digits(stored, 0, 4), Digits(stored, 5, 2), Digits(stored, 8, 2))
            : DateOnly.Parse(stored, CultureInfo.InvariantCulture);

        static int Digits(string text, int from, int count) => int.Parse(text.AsSpan(from, count), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
