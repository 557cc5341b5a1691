using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Home;

/// <summary>
/// The search over everything: one question per kind of record that the reader has pages for, in the reader's own scope. What is not seen is not found, nor
/// counted, nor hinted at.
/// </summary>
public sealed class GlobalSearch(PortalDbContext db, IStringLocalizer<HomeText> text)
{
    /// <summary>Hits of each kind; one more is asked for to know whether there are more.</summary>
    private const int Most = 5;

    /// <summary>Of a partner's opportunities more are looked at, since words that only the full field set holds do not count in a summary.</summary>
    private const int MostLookedAt = 50;

    /// <summary>Longer input is cut: nobody types it, and no index needs it.</summary>
    private const int Longest = 100;

    private sealed record Row(long Id, string Title, string? Detail, bool InFull = true);

    public async Task<SearchResults> FindAsync(string? typed, Viewer viewer, CancellationToken ct)
    {
        var words = (typed ?? "").Trim();
        if (words.Length > Longest) { words = words[..Longest]; }
        if (!SearchText.Words(SearchText.Normalize(words)).Any()) { return new(words, []); }
        List<SearchGroup> groups = [];
        if (viewer.Kind is ViewerKind.Partner) { await FindForPartnerAsync(groups, words, viewer, ct); }
        else { await FindForStaffAsync(groups, words, viewer, ct); }
        return new(words, groups);
    }

    private async Task FindForStaffAsync(List<SearchGroup> groups, string words, Viewer viewer, CancellationToken ct)
    {
        if (viewer.May(Permissions.ViewCompanies))
        {
            Add(groups, "search.companies", "building", "/companies", words, await db.Companies.Matching(db, words).OrderBy(c => c.Name).ThenBy(c => c.Id).Take(Most + 1)
                .Select(c => new Row(c.Id, c.Name, c.City ?? c.Code, true)).ToListAsync(ct));
            var contacts = await db.Contacts.Matching(db, words).OrderBy(c => c.LastName).ThenBy(c => c.FirstName).ThenBy(c => c.Id).Take(Most + 1)
                .Select(c => new { c.Id, c.FirstName, c.LastName, Company = db.Companies.Where(x => x.Id == c.CompanyId).Select(x => x.Name).FirstOrDefault() }).ToListAsync(ct);
            Add(groups, "search.contacts", "users", "/contacts", words, [.. contacts.Select(c => new Row(c.Id, PersonName.Full(c.FirstName, c.LastName), c.Company))]);
        }
        if (viewer.May(Permissions.ViewOpportunities))
        {
            Add(groups, "search.opportunities", "target-arrow", "/opportunities", words, await db.Opportunities.Matching(db, words).OrderBy(o => o.Title).ThenBy(o => o.Id).Take(Most + 1)
                .Select(o => new Row(o.Id, o.Title, o.CustomerName, true)).ToListAsync(ct));
        }
        if (viewer.May(Permissions.ViewProducts)) { Add(groups, "search.products", "package", "/products", words, await ProductsAsync(words, ct)); }
        if (viewer.May(Permissions.ViewDocuments)) { Add(groups, "search.documents", "files", "/documents", words, await DocumentsAsync(words, ct)); }
    }

    private async Task FindForPartnerAsync(List<SearchGroup> groups, string words, Viewer viewer, CancellationToken ct)
    {
        if (viewer.May(Permissions.PartnerOpportunities))
        {
            var full = db.SeenIn<Opportunity>(FieldSet.Full);
            var found = await db.Opportunities.Matching(db, words).OrderBy(o => o.Title).ThenBy(o => o.Id).Take(MostLookedAt)
                .Select(o => new Row(o.Id, o.Title, o.Number, full.Any(f => f.Id == o.Id))).ToListAsync(ct);
            // The index holds the customer's name, which a summary does not tell: neither may a hit.
            Add(groups, "search.opportunities", "target-arrow", "/partner/opportunities", words, [.. found.Where(r => r.InFull || Says($"{r.Title} {r.Detail}", words))]);
        }
        if (viewer.May(Permissions.PartnerProducts))
        {
            var products = await ProductsAsync(words, ct);
            groups.Add(Group("search.products", "package", "/partner/products", words, products, row => $"/partner/products?q={Uri.EscapeDataString(row.Detail ?? row.Title)}"));
        }
        if (viewer.May(Permissions.PartnerDocuments)) { Add(groups, "search.documents", "files", "/partner/documents", words, await DocumentsAsync(words, ct)); }
    }

    private Task<List<Row>> ProductsAsync(string words, CancellationToken ct) =>
        db.Products.Matching(db, words).OrderBy(p => p.Name).ThenBy(p => p.Id).Take(Most + 1).Select(p => new Row(p.Id, p.Name, p.Code, true)).ToListAsync(ct);

    private async Task<List<Row>> DocumentsAsync(string words, CancellationToken ct) =>
        [.. (await db.Documents.Matching(db, words).OrderBy(d => d.Title).ThenBy(d => d.Id).Take(Most + 1)
            .Select(d => new { d.Id, d.Title, Folder = db.Folders.Where(f => f.Id == d.FolderId).Select(f => f.Name).FirstOrDefault() }).ToListAsync(ct)).Select(d => new Row(d.Id, d.Title, d.Folder))];

    private static bool Says(string shown, string words)
    {
        var normal = SearchText.Normalize(shown);
        return SearchText.Words(SearchText.Normalize(words)).All(word => normal.Contains(word, StringComparison.Ordinal));
    }

    private void Add(List<SearchGroup> groups, string title, string icon, string path, string words, List<Row> rows) => groups.Add(Group(title, icon, path, words, rows, row => $"{path}/{row.Id}"));

    private SearchGroup Group(string title, string icon, string path, string words, List<Row> rows, Func<Row, string> pathOf) => new(text[title], icon,
        [.. rows.Take(Most).Select(row => new SearchHit(row.Title, pathOf(row), row.Detail ?? ""))], rows.Count > Most ? $"{path}?q={Uri.EscapeDataString(words)}" : null);
}
