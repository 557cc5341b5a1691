using System.Text.RegularExpressions;
using Portal.Testing.Structure;
using Xunit;

namespace Portal.Domain.Tests.Structure;

public sealed partial class HygieneTests
{
    [Fact]
    public void No_test_is_switched_off_or_waits_for_time() =>
        Assert.Empty(Hits(OffOrAsleep(), Repository.Files("*.cs", "tests", "e2e")));

    [Fact]
    public void No_source_holds_unfinished_work() =>
        Assert.Empty(Hits(Unfinished(), Repository.Files("*.cs", "Portal.Domain", "Portal.Identity", "Portal.Identity.Host", "Portal.Reports", "Portal.Web", "databases")));

    [Fact]
    public void No_page_holds_inline_script_or_style() =>
        Assert.Empty(Hits(Inline(), Repository.Files("*.cshtml", "Portal.Web", "Portal.Identity")));

    /// <summary>A look-up's answer is a part of a page that the server encoded, as every part that htmx puts in.</summary>
    [Fact, Trait("asvs", "V3.2.2")]
    public void No_script_makes_markup_of_text() =>
        Assert.Equal(["Portal.Web/wwwroot/js/fields.js: list.innerHTML = await answer.text();"], Hits(Markup(), Repository.Files("*.js", "Portal.Web", "Portal.Identity", "Portal.Reports").Where(file => !file.EndsWith(".min.js", StringComparison.Ordinal)))
            .Select(hit => Line().Replace(hit.Replace('\\', '/'), ":")));

    [Fact]
    public void No_file_holds_the_marks_of_an_unfinished_merge() =>
        Assert.Empty(Hits(MergeMark(), Repository.Files("*", "Portal.Domain", "Portal.Identity", "Portal.Identity.Host", "Portal.Reports", "Portal.Web", "databases", "tests", "e2e", "bench", "docs", ".ci")
            .Concat(Directory.EnumerateFiles(Repository.Root)).Where(IsText)));

    private static bool IsText(string file)
    {
        Span<byte> head = stackalloc byte[4096];
        using var content = File.OpenRead(file);
        return !head[..content.Read(head)].Contains((byte)0);
    }

    private static List<string> Hits(Regex pattern, IEnumerable<string> files) =>
    [
        .. from file in files
           where Path.GetFileName(file) != "HygieneTests.cs"
           from line in File.ReadLines(file).Select((text, index) => (text, number: index + 1))
           where pattern.IsMatch(line.text)
           select $"{Path.GetRelativePath(Repository.Root, file)}:{line.number}: {line.text.Trim()}",
    ];

    [GeneratedRegex(@"\bSkip\s*=\s*""|Thread\.Sleep\(|Task\.Delay\(\s*\d|WaitForTimeoutAsync|Assert\.True\(true\)")]
    private static partial Regex OffOrAsleep();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\b(innerHTML|outerHTML|insertAdjacentHTML|srcdoc|createContextualFragment|DOMParser|setHTMLUnsafe)\b|document\.write|\beval\(|new Function\(")]
    private static partial Regex Markup();

    [GeneratedRegex(":[0-9]+:")]
    private static partial Regex Line();

    [GeneratedRegex("^(<{7}|>{7})")]
    private static partial Regex MergeMark();

    [GeneratedRegex(@"\son[a-z]+=""|<script>[^<]|\sstyle=""|<style")]
    private static partial Regex Inline();
}
