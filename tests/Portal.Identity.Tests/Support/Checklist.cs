using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Testing.Structure;

namespace Portal.Identity.Tests.Support;

/// <param name="Number">As the list counts it.</param>
/// <param name="What">What is demanded, in our own words.</param>
/// <param name="Remark">What a reader must know besides: why no test is needed, or how far the tests go.</param>
internal sealed record ChecklistRow(string Number, string What, string? Remark = null);

/// <summary>
/// A list of demands and the page that says which tests cover each. The tests name the number themselves, in any test project: <c>Trait("KIND", "NUMBER NUMBER")</c>.
/// With <c>PORTAL_WRITE_DOCS=1</c> in the environment the page is written anew instead of compared.
/// </summary>
/// <param name="Kind">The name of the trait.</param>
/// <param name="Path">Of the page.</param>
/// <param name="Head">The page above its table; <c>{0}</c> and <c>{1}</c> become the rows with tests and all rows.</param>
/// <param name="MayNameFewer">Rows whose tests come and go: there the page may name fewer than there are, never one that is gone.</param>
internal sealed partial record Checklist(string Kind, string Path, string Head, IReadOnlyList<ChecklistRow> Rows, Func<string, bool> MayNameFewer)
{
    private SortedDictionary<string, SortedSet<string>>? _tests;

    /// <summary>The sentences of the tests by number, each once, in order.</summary>
    private SortedDictionary<string, SortedSet<string>> Tests => _tests ??= Read();

    /// <summary>What is in neither: covered by no test and excused by no remark.</summary>
    public IEnumerable<string> Uncovered => Rows.Where(row => !Tests.ContainsKey(row.Number) && row.Remark is null).Select(row => row.Number);

    /// <summary>Numbers that tests name and the list does not have.</summary>
    public IEnumerable<string> Unknown => Tests.Keys.Except(Rows.Select(row => row.Number));

    public void Check()
    {
        var page = Write();
        var path = Repository.File(Path);
        if (Environment.GetEnvironmentVariable("PORTAL_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, page);
        }
        var stale = $"{Path} is stale: run this test with PORTAL_WRITE_DOCS=1 and look at what changed.";
        var (kept, wanted) = (Lines(File.ReadAllText(path)), Lines(page));
        Assert.True(kept.Keys.SequenceEqual(wanted.Keys), stale);
        foreach (var (number, line) in wanted)
        {
            Assert.True(MayNameFewer(number) ? !Sentences(kept[number]).Except(Sentences(line)).Any() : kept[number] == line, $"{number}: {stale}");
        }
    }

    private static SortedDictionary<string, string> Lines(string page) => new(page.ReplaceLineEndings("\n").Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')).Where(cells => cells.Length > 3 && cells[1].Any(char.IsAsciiDigit))
        .ToDictionary(cells => cells[1].Trim(), cells => string.Join('|', cells)), StringComparer.Ordinal);

    private static IEnumerable<string> Sentences(string line) => line.Split('|')[3].Split("<br>").Select(sentence => sentence.Trim()).Where(sentence => sentence.Length > 0 && !sentence.StartsWith('*'));

    private string Write()
    {
        var page = new StringBuilder();
        page.Append(string.Format(CultureInfo.InvariantCulture, Head, Rows.Count(row => Tests.ContainsKey(row.Number)), Rows.Count).ReplaceLineEndings("\n")).Append("\n\n| | What | Tests |\n| --- | --- | --- |\n");
        foreach (var row in Rows)
        {
            IEnumerable<string> said = [.. Tests.GetValueOrDefault(row.Number, []), .. row.Remark is null ? [] : new[] { $"*{row.Remark}*" }];
            page.Append(CultureInfo.InvariantCulture, $"| {row.Number} | {row.What} | {string.Join("<br>", said.DefaultIfEmpty("*No test.*"))} |\n");
        }
        return page.ToString();
    }

    private SortedDictionary<string, SortedSet<string>> Read()
    {
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var file in Repository.Files("*.cs", "tests", "e2e"))
        {
            var text = File.ReadAllText(file);
            var marks = Method().Matches(text).SelectMany(method => Mark().Matches(method.Groups["attributes"].Value).Where(mark => mark.Groups["kind"].Value == Kind).Select(mark => (method.Groups["name"].Value, mark.Groups["numbers"].Value))).ToList();
            var all = Mark().Matches(text).Count(mark => mark.Groups["kind"].Value == Kind);
            Assert.True(marks.Count == all, $"{file} has {all} marks of {Kind}, of which {marks.Count} stand before a method.");
            foreach (var (name, numbers) in marks)
            {
                foreach (var number in numbers.Split(' '))
                {
                    if (!found.TryGetValue(number, out var names)) { found[number] = names = new SortedSet<string>(StringComparer.Ordinal); }
                    names.Add(Module().Replace(name, match => " (" + match.Value[1..].Replace('_', '-') + ")").Replace('_', ' '));
                }
            }
        }
        return found;
    }

    /// <summary>A public method with the lines of attributes above it.</summary>
    [GeneratedRegex(@"(?m)(?<attributes>(?:^[ \t]*\[.*\][ \t]*\r?\n)+)[ \t]*public (?:static )?(?:async )?[\w<>]+ (?<name>\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex("""Trait\("(?<kind>\w+)", "(?<numbers>[^"{]+)"\)""")]
    private static partial Regex Mark();

    /// <summary>The name of a conformance module at the end of a test's.</summary>
    [GeneratedRegex("_(oidcc|fapi2)_\\w+$")]
    private static partial Regex Module();
}
