using Portal.Testing.Structure;

namespace Portal.Reports.Tests.Samples;

public static class Fonts
{
    /// <summary>The fonts for paper that the build of Portal.Web fetches.</summary>
    public static string Folder { get; } = Repository.File("Portal.Web/print-fonts");
}
