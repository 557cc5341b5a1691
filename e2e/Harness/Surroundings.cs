using Xunit;

namespace Portal.E2E.Harness;

/// <summary>What a person sits in front of.</summary>
/// <param name="Language">`en` or `zh`: the language that the browser asks for.</param>
/// <param name="Width">Of the window, in CSS pixels: 1280 is a laptop, 390 a phone.</param>
public sealed record Surroundings(string Language = "en", int Width = 1280, bool Dark = false)
{
    public static readonly Surroundings Laptop = new();
    public static readonly Surroundings Phone = new(Width: 390);

    /// <summary>Both languages on a laptop and on a phone.</summary>
    public static TheoryData<string, int> Every => new() { { "en", 1280 }, { "en", 390 }, { "zh", 1280 }, { "zh", 390 } };

    /// <summary>Each language and each width once.</summary>
    public static TheoryData<string, int> Two => new() { { "en", 1280 }, { "zh", 390 } };

    public bool Chinese => Language == "zh";

    internal string Locale => Chinese ? "zh-CN" : "en-US";

    /// <summary>The text that the page shows in this person's language.</summary>
    public string Text(string english, string chinese) => Chinese ? chinese : english;

    public override string ToString() => $"{Language}-{Width}{(Dark ? "-dark" : "")}";
}
