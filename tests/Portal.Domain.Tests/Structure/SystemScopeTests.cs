using System.Text.RegularExpressions;
using Portal.Testing.Structure;
using Xunit;

namespace Portal.Domain.Tests.Structure;

/// <summary>A scope that sees everything is for housekeeping and commands. Whoever takes it elsewhere says why here.</summary>
public sealed partial class SystemScopeTests
{
    private static readonly SortedDictionary<string, string> s_named = new(StringComparer.Ordinal)
    {
        ["Portal.Web/Access/ViewingAs.cs"] = "ends the view of a session that was ended, whoever ended it",
        ["Portal.Web/Commands/CheckCommand.cs"] = "looks the whole database over",
        ["Portal.Web/Commands/ImportCommand.cs"] = "whoever may start the program imports; with a person, as that person",
        ["Portal.Web/Commands/MigrateCommand.cs"] = "asks the engine whether its own wall stands",
        ["Portal.Web/Commands/ProviderCommand.cs"] = "finds a company by its code",
        ["Portal.Web/Commands/ReportCommand.cs"] = "finds the person whose report it is",
        ["Portal.Web/Commands/UserCommand.cs"] = "adds the first administrator",
        ["Portal.Web/Demo/DemoHouse.cs"] = "fills an empty database",
        ["Portal.Web/Demo/DemoSetUp.cs"] = "makes sure that it is empty",
        ["Portal.Web/Host/Schema.cs"] = "builds the model and sets a new database up",
        ["Portal.Web/Jobs/JobQueue.cs"] = "finds jobs that were broken off, and clears old ones",
        ["Portal.Web/Jobs/JobRunner.cs"] = "keeps the state of a job whose person may be gone",
        ["Portal.Web/Jobs/UnwrittenEnds.cs"] = "writes the end of a job that a full disk kept from it",
        ["databases/Portal.Design/PortalDesign.cs"] = "the model for migrations; no database is asked",
    };

    [Fact]
    public void Only_named_places_see_everything()
    {
        var found = Repository.Files("*.cs", "Portal.Domain", "Portal.Identity", "Portal.Identity.Host", "Portal.Reports", "Portal.Web", "databases")
            .Where(file => Taken().IsMatch(File.ReadAllText(file))).Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
        Assert.Equal(s_named.Keys, found);
    }

    [GeneratedRegex(@"\bAccessScope\.System\(")]
    private static partial Regex Taken();
}
