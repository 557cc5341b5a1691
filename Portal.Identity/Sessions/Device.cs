namespace Portal.Identity.Sessions;

/// <summary>Browser and system in words that their owner recognises: <c>Firefox · Windows</c>. Names only, since versions change by themselves and say nothing to people.</summary>
public static class Device
{
    public const string Unknown = "?";

    // The order matters: nearly every browser also names the ones that it descends from.
    private static readonly (string Mark, string Name)[] s_browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("MicroMessenger", "WeChat"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
        ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
    ];

    private static readonly (string Mark, string Name)[] s_systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("HarmonyOS", "HarmonyOS"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    public static string Of(string? userAgent)
    {
        string[] parts = [.. new[] { NameIn(userAgent, s_browsers), NameIn(userAgent, s_systems) }.OfType<string>()];
        return parts.Length == 0 ? Unknown : string.Join(" · ", parts);
    }

    private static string? NameIn(string? userAgent, (string Mark, string Name)[] known) =>
        known.Where(one => userAgent?.Contains(one.Mark, StringComparison.Ordinal) == true).Select(one => one.Name).FirstOrDefault();
}
