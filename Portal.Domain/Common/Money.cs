namespace Portal.Domain.Common;

/// <summary>An exact amount in one currency.</summary>
/// <param name="Amount">At most 14 digits before and four after the point: what every supported engine stores and sums exactly.</param>
/// <param name="Currency">One of <see cref="CurrencyCodes"/>.</param>
public readonly record struct Money(decimal Amount, string Currency)
{
    public static readonly decimal Largest = 99_999_999_999_999.9999m;

    /// <summary>Rounds to four places, half away from zero, as commercial arithmetic does.</summary>
    public static decimal Round(decimal amount) => Math.Round(amount, 4, MidpointRounding.AwayFromZero);
}
