using System.Reflection;
using Xunit;

namespace Portal.Domain.Tests.Structure;

/// <summary>An area has the same name in every project, so that who has seen one room knows the others.</summary>
public sealed class AreaTests
{
    private static readonly string[] Areas =
    [
        "Access", "Companies", "Sales", "Catalog", "Partners", "Supply", "Documents", "Calendar", "Marketing", "Service", "Telephony", "Insight", "Community", "Exchange", "Operations",
    ];

    // What every area shares has a room of its own beside them.
    public static TheoryData<string, string, string[]> Rooms => new()
    {
        { "Portal.Domain", "Portal.Domain", ["Common", "Persistence"] },
        { "Portal.Reports", "Portal.Reports", ["Rendering", "Charts"] },
        { "Portal.Web", "Portal.Web.Pages", ["Shared", "Preferences", "Home", "Search", "Views", "Reports", "Jobs"] },
        { "Portal.Web", "Portal.Web.Api", [] },
        { "Portal.Web", "Portal.Web.Jobs", [] },
    };

    [Theory, MemberData(nameof(Rooms))]
    public void Every_room_is_an_area_or_one_of_the_shared_rooms(string project, string root, string[] shared)
    {
        var rooms = Assembly.Load(project).GetExportedTypes()
            .Select(type => type.Namespace ?? "")
            .Where(space => space.StartsWith(root + ".", StringComparison.Ordinal))
            .Select(space => space[(root.Length + 1)..].Split('.')[0])
            .Distinct();

        Assert.Empty(rooms.Except(Areas).Except(shared));
    }
}
