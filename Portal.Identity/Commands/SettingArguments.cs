namespace Portal.Identity.Commands;

/// <summary>
/// Divides the command line: <c>--Section:Name value</c> and the host's own switches are settings for every command,
/// the rest is the command with its options, where a misspelt option is an error.
/// </summary>
public static class SettingArguments
{
    private static readonly string[] HostSwitches = ["--urls", "--environment", "--contentroot", "--applicationname"];

    public static (string[] Settings, string[] Command) Divide(IReadOnlyList<string> args)
    {
        List<string> settings = [], command = [];
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i].Split('=', 2)[0];
            var isSetting = name.StartsWith("--", StringComparison.Ordinal)
                && (name.Contains(':', StringComparison.Ordinal) || HostSwitches.Contains(name, StringComparer.OrdinalIgnoreCase));
            if (!isSetting) { command.Add(args[i]); continue; }
            settings.Add(args[i]);
            if (!args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Count) { settings.Add(args[++i]); }
        }
        return ([.. settings], [.. command]);
    }
}
