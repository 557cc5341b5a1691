using System.Text.RegularExpressions;
using Portal.Testing.Structure;
using Xunit;

namespace Portal.Domain.Tests.Structure;

/// <summary>An administrator finds every setting that the source reads, and none that it does not.</summary>
public sealed partial class DocumentedSettingsTests
{
    private static readonly string[] Projects = ["Portal.Domain", "Portal.Identity", "Portal.Reports", "Portal.Web", "databases"];

    /// <summary>Read by the platform itself.</summary>
    private static readonly string[] OfThePlatform = ["Urls", "AllowedHosts", "Logging:LogLevel:..."];

    [Fact]
    public void Every_setting_that_the_source_reads_is_in_the_manual_and_no_other()
    {
        var read = Repository.Files("*.cs", Projects).Concat(Repository.Files("*.cshtml", "Portal.Web")).SelectMany(file => Named().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)).ToHashSet();
        read.UnionWith(Property().Matches(File.ReadAllText(Repository.File("Portal.Identity/Mail/MailOptions.cs"))).Select(m => $"Mail:{m.Groups[1].Value}"));
        var told = Told().Matches(File.ReadAllText(Repository.File("docs/admin/settings.md"))).SelectMany(m => Word().Matches(m.Value).Select(w => w.Groups[1].Value)).ToHashSet();

        Assert.Contains("Jobs:KeptDays", read);
        Assert.Empty(read.Except(told));
        Assert.Empty(told.Except(read).Except(OfThePlatform));
    }

    [GeneratedRegex("\"((?:Portal|Database|Identity|Mail|Documents|Reports|Jobs|Demo|Imports):[A-Za-z]+(?::[A-Za-z]+)*)\"")]
    private static partial Regex Named();

    [GeneratedRegex(@"public \w+\?? (\w+) \{ get; set; \}")]
    private static partial Regex Property();

    /// <summary>The first cell of a row of a table of settings.</summary>
    [GeneratedRegex(@"(?m)^\| `[^|]+\|")]
    private static partial Regex Told();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Word();
}
