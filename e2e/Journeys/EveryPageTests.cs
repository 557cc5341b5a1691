using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Harness;
using Xunit;

namespace Portal.E2E.Journeys;

/// <summary>
/// Walks from the menu to every list, from each list to its first record and its forms, and from a record to its tabs: as several people, in both languages, wide and
/// on a phone. Every page must answer, be free of accessibility findings, fit the window and raise no error. New pages are walked as soon as something leads to them.
/// </summary>
public sealed partial class EveryPageTests(Chromium browser)
{
    /// <summary>More than there are: a walk that gets there has lost its way.</summary>
    private const int MostPages = 120;

    public static TheoryData<string, string, int, bool> Walks => new()
    {
        { Person.Admin.Email, "en", 1280, false },
        { Person.Admin.Email, "zh", 390, false },
        { Person.Manager.Email, "zh", 1280, true },
        { Person.SupplierAdmin.Email, "en", 390, false },
        { Person.Distributor.Email, "zh", 1280, false },
        { Person.Reseller.Email, "en", 1280, true },
        { Person.Reseller.Email, "zh", 390, false },
    };

    [Theory, MemberData(nameof(Walks))]
    public Task Every_page_that_a_link_leads_to_holds(string email, string language, int width, bool dark) =>
        browser.VisitAsync(new Person(email), new Surroundings(language, width, dark), async visit =>
        {
            var person = new Person(email);
            var (seen, waiting, findings) = (new HashSet<string>(), new Queue<string>(["/", "/account/sessions"]), new List<string>());
            while (waiting.TryDequeue(out var path) && seen.Count < MostPages)
            {
                if (!seen.Add(Shape(path))) { continue; }
                var answer = await visit.Page.GotoAsync(path);
                if (answer is not { Ok: true }) { findings.Add($"{path}: {answer?.Status}"); continue; }
                try
                {
                    await visit.CheckAsync($"walk-{person.Slug}{Shape(path).Replace('/', '-')}");
                }
                catch (Xunit.Sdk.XunitException finding)
                {
                    findings.Add(finding.Message);
                }
                foreach (var next in await LinksAsync(visit.Page)) { if (!seen.Contains(Shape(next))) { waiting.Enqueue(next); } }
            }
            Assert.True(seen.Count < MostPages, $"Pages without end; the next is {waiting.FirstOrDefault()}.");
            Assert.True(seen.Count > 5, $"Only {seen.Count} pages were found.");
            Assert.True(findings.Count == 0, string.Join("\n\n", findings));
        });

    /// <summary>Two records of one kind are one page; so are two orders of one list.</summary>
    private static string Shape(string path) => Ids().Replace(path.Split('?')[0].TrimEnd('/'), "{id}");

    private static async Task<IReadOnlyList<string>> LinksAsync(IPage page)
    {
        var all = await page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('nav a[href^="/"], main a[href^="/"]')].filter(a => !a.hasAttribute('download')).map(a => a.getAttribute('href'))
            """);
        return [.. all.Where(path => !NotAPage().IsMatch(path)).DistinctBy(Shape)];
    }

    [GeneratedRegex(@"\d{6,}", RegexOptions.None, 1000)]
    private static partial Regex Ids();

    /// <summary>Files, exports, log-out and what an act of its own leads to.</summary>
    [GeneratedRegex(@"export=|/sign-out|/result|/download|/view/|/preferences|/error-file|^/identity", RegexOptions.None, 1000)]
    private static partial Regex NotAPage();
}
