namespace Portal.Domain.Common;

public enum RefusalKind { Invalid, NotFound, Conflict }

/// <summary>Why an act was not done, in a form the asker can mend. The code is the key of its text in every language.</summary>
/// <param name="Code">area.fact, lower case with hyphens: <c>company.code-taken</c>.</param>
/// <param name="Values">Fill the places {0}, {1} of the text.</param>
/// <param name="Field">The input it concerns, as the form names it; empty for the whole form.</param>
public sealed record Refusal(string Code, RefusalKind Kind = RefusalKind.Invalid, string Field = "", params object[] Values)
{
    public bool Equals(Refusal? other) =>
        other is not null && Code == other.Code && Kind == other.Kind && Field == other.Field && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Code, Kind, Field);
}

/// <summary>What an act made, or why it was refused.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Refusal? refusal) => (_value, Refusal) = (value, refusal);

    public bool Succeeded => Refusal is null;
    public Refusal? Refusal { get; }
    public T Value => Refusal is null ? _value! : throw new InvalidOperationException($"Refused: {Refusal.Code}");

    public static implicit operator Result<T>(T value) => new(value, null);
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}
