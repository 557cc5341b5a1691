using System.Reflection;
using Portal.Testing.Structure;
using Xunit;

namespace Portal.Domain.Tests.Structure;

/// <summary>The arrows of the house: Web to Reports to Domain, Web to Identity, databases to Domain and Identity; the provider's own host to Identity and the databases. Nothing runs back.</summary>
public sealed class ProjectArrowTests
{
    public static TheoryData<string, string[]> Allowed => new()
    {
        { "Portal.Domain", [] },
        { "Portal.Identity", [] },
        { "Portal.Reports", ["Portal.Domain"] },
        { "Portal.Sqlite", ["Portal.Domain", "Portal.Identity"] },
        { "Portal.PostgreSql", ["Portal.Domain", "Portal.Identity"] },
        { "Portal.Identity.Host", ["Portal.Identity", "Portal.Sqlite", "Portal.PostgreSql"] },
        { "Portal.Web", ["Portal.Domain", "Portal.Identity", "Portal.Reports", "Portal.Sqlite", "Portal.PostgreSql"] },
    };

    [Theory, MemberData(nameof(Allowed))]
    public void A_project_uses_only_what_its_place_in_the_house_allows(string project, string[] allowed)
    {
        var used = Assembly.Load(project).GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("Portal.", StringComparison.Ordinal));

        Assert.Empty(used.Except(allowed));
    }

    [Fact]
    public void The_browser_tests_reference_no_project() =>
        Assert.DoesNotContain("ProjectReference", File.ReadAllText(Repository.File("e2e/Portal.E2E.csproj")), StringComparison.Ordinal);

    [Fact]
    public void The_domain_knows_no_web() =>
        Assert.DoesNotContain(Assembly.Load("Portal.Domain").GetReferencedAssemblies(), name => name.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
}
