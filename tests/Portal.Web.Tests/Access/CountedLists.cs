using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Web.Tests.Access;

/// <param name="Address">Of the list, with its filters.</param>
/// <param name="Said">How many rows the list says it has.</param>
/// <param name="Read">How many the person gets: a partner page by page, staff as a file.</param>
public sealed record CountedList(Surface Surface, string Person, string Address, long Said, long Read)
{
    /// <summary>A list says no more than this and "more than".</summary>
    private const int Bound = 10_000;

    public bool IsRight => Said == Math.Min(Read, Bound);

    public override string ToString() => $"{Surface.Name} by {Person} ({Address}): says {Said}, has {Read}";
}

/// <summary>Every list that a page showed is asked how many rows it has, as it stands and under each filter about the reader or about a record, theirs or not.</summary>
public sealed partial class MatrixRun
{
    private readonly ConcurrentDictionary<(string Person, string Address), (Surface Surface, string Bar)> _lists = new();

    public ConcurrentQueue<CountedList> Counted { get; } = new();

    private void NoteList(Surface surface, string person, string address, string html)
    {
        if (ListBar().Match(html) is { Success: true } bar) { _lists.TryAdd((person, address), (surface, bar.Value)); }
    }

    private async Task CountAsync() =>
        await Parallel.ForEachAsync(_lists, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (list, _) =>
        {
            var ((person, address), (surface, bar)) = list;
            await CountAsync(surface, person, address, "count=1");
            foreach (var flag in Flags().Matches(bar).Select(m => WebUtility.HtmlDecode(m.Groups["name"].Value))) { await CountAsync(surface, person, With(address, $"{flag}=1"), null); }
            foreach (var field in RecordFields().Matches(bar).Select(m => WebUtility.HtmlDecode(m.Groups["name"].Value)))
            {
                var kind = RecordKinds.OfField(surface.Template, field + "Id");
                if (!Model.Knows(kind))
                {
                    Untold.TryAdd($"{surface.Name}: which kind of record does the filter {field} name?", true);
                    continue;
                }
                if (Model.SeenBy(person, kind).Cast<long?>().FirstOrDefault() is { } seen) { await CountAsync(surface, person, With(address, $"{field}={seen}"), null); }
                if (Model.HiddenFrom(person, kind).Cast<long?>().FirstOrDefault() is not { } hidden) { continue; }
                var (some, none) = (await CountAsync(surface, person, With(address, $"{field}={hidden}"), null), await CountAsync(surface, person, With(address, $"{field}={AbsentId}"), null));
                if (some != none) { Tells.Add($"{surface.Name} counts {some} rows for {person} under a hidden {field} and {none} under one that never was"); }
            }
        });

    /// <param name="what">What the statements are noted under; null for those of a filter, which is the reader's choice and need not be spared by an index.</param>
    /// <returns>How many the list says.</returns>
    private async Task<long> CountAsync(Surface surface, string person, string address, string? what)
    {
        var (counted, text) = await AskAsync(surface, person, With(address, "count=1"), asPart: true, what);
        var (_, whole) = await AskAsync(surface, person, With(address, "count=1"), asPart: false, null);
        var said = NumberIn(text);
        // A list without a single record has no foot.
        var inPage = Foot().Match(whole) is { Success: true } foot ? NumberIn(foot.Groups["text"].Value) : 0;
        if (counted != HttpStatusCode.OK || said < 0 || inPage != said) { Cells.Enqueue(new(surface, person, Asked.Seen, With(address, "count=1"), (int)counted, $"the count is {said}, in the page {inPage}")); }
        Counted.Enqueue(new(surface, person, address, said, Model.IsPartner(person) ? await RowsByPagesAsync(surface, person, address) : await RowsOfFileAsync(surface, person, address)));
        return said;
    }

    private async Task<long> RowsByPagesAsync(Surface surface, string person, string address)
    {
        long rows = 0;
        for (string? next = address; next is not null;)
        {
            var (_, page) = await AskAsync(surface, person, next, asPart: true, null);
            rows += TableRows().Count(page[(page.IndexOf("<tbody>", StringComparison.Ordinal) is var body and >= 0 ? body : page.Length)..]);
            next = NextPage().Match(page) is { Success: true } link ? WebUtility.HtmlDecode(link.Groups["address"].Value) : null;
        }
        return rows;
    }

    private async Task<long> RowsOfFileAsync(Surface surface, string person, string address)
    {
        var (_, file) = await AskAsync(surface, person, With(address, "export=csv"), asPart: false, null);
        // A line may end within quotes; the first one is the head.
        var (lines, quoted) = (0L, false);
        foreach (var letter in file)
        {
            if (letter == '"') { quoted = !quoted; }
            else if (letter == '\n' && !quoted) { lines++; }
        }
        return lines - 1;
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(Surface surface, string person, string address, bool asPart, string? what)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (asPart) { request.Headers.Add("HX-Request", "true"); }
        using var answer = what is null ? await _browsers[person].SendAsync(request) : await SendAsync(person, request, $"{surface.Name}|{what}");
        var body = await answer.Content.ReadAsByteArrayAsync();
        Look(answer, body, person, address);
        return (answer.StatusCode, Encoding.UTF8.GetString(body));
    }

    private static string With(string address, string question) => address + (address.Contains('?', StringComparison.Ordinal) ? '&' : '?') + question;

    /// <returns>The number in a sentence in any language; -1 where there is none.</returns>
    private static long NumberIn(string text) => long.TryParse(string.Concat(text.Where(char.IsAsciiDigit)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    [GeneratedRegex("<section class=\"portal-list.*?-body\"", RegexOptions.Singleline)]
    private static partial Regex ListBar();

    [GeneratedRegex("type=\"checkbox\" name=\"(?<name>[^\"]+)\" value=\"1\"")]
    private static partial Regex Flags();

    [GeneratedRegex("data-look-up[^>]*><input type=\"hidden\" name=\"(?<name>[^\"]+)\"")]
    private static partial Regex RecordFields();

    [GeneratedRegex("<div class=\"portal-list-foot\"><span role=\"status\">(?<text>[^<]*)<")]
    private static partial Regex Foot();

    [GeneratedRegex("<tr[ >]")]
    private static partial Regex TableRows();

    [GeneratedRegex("rel=\"next\" href=\"(?<address>[^\"]+)\"")]
    private static partial Regex NextPage();
}
