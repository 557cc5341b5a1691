using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Web.Pages.Access;

/// <summary>The keys that shares and grants are addressed to, in the reader's words.</summary>
public sealed class Audiences(PortalDbContext db, IStringLocalizer<AccessText> text)
{
    /// <summary>Every group that can be chosen from a list; single companies and people are looked up.</summary>
    /// <param name="partnersOnly">Without teams and territories of the house.</param>
    public async Task<IReadOnlyList<SelectListItem>> GroupsAsync(bool partnersOnly, CancellationToken ct)
    {
        var partners = new SelectListGroup { Name = text["audience.partners"] };
        var house = new SelectListGroup { Name = text["audience.house"] };
        var regions = await db.Companies.Where(c => c.Region != null && c.Region != "").Select(c => c.Region!).Distinct().OrderBy(r => r).Take(100).ToListAsync(ct);
        List<SelectListItem> items =
        [
            Item(ScopeKeys.AllPartners, text["audience.all-partners"], partners),
            .. new[] { CompanyRole.Supplier, CompanyRole.Distributor, CompanyRole.ChannelPartner }.Select(r => Item(ScopeKeys.Kind(r), text["audience.kind", text[$"audience.kind.{r}"].Value], partners)),
            .. Enum.GetValues<PartnerTier>().Where(t => t is not PartnerTier.None).Select(t => Item(ScopeKeys.Tier(t), text["audience.tier", text[$"audience.tier.{t}"].Value], partners)),
            .. regions.Select(r => Item(ScopeKeys.Region(r), text["audience.region", r], partners)),
        ];
        if (partnersOnly) { return items; }
        items.AddRange((await db.Teams.OrderBy(t => t.Name).Take(200).ToListAsync(ct)).Select(t => Item(ScopeKeys.Team(t.Id), text["audience.team", t.Name], house)));
        items.AddRange((await db.Territories.OrderBy(t => t.Name).Take(200).ToListAsync(ct)).Select(t => Item(ScopeKeys.Territory(t.Id), text["audience.territory", t.Name], house)));
        return items;
    }

    /// <summary>Keys in words; one query for the companies among them and one for the people.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(IEnumerable<string> keys, CancellationToken ct)
    {
        var all = keys.Distinct().ToArray();
        var (companies, people, teams, territories) = (IdsOf(all, "company"), IdsOf(all, "person"), IdsOf(all, "team"), IdsOf(all, "territory"));
        var names = new Dictionary<string, string>();
        if (companies.Length > 0) { foreach (var c in await db.Companies.Where(c => companies.Contains(c.Id)).Select(c => new { c.Id, c.Name }).ToListAsync(ct)) { names[ScopeKeys.Company(c.Id)] = c.Name; } }
        if (people.Length > 0) { foreach (var p in await db.People.Where(p => people.Contains(p.Id)).Select(p => new { p.Id, p.Name }).ToListAsync(ct)) { names[ScopeKeys.Person(p.Id)] = p.Name; } }
        if (teams.Length > 0) { foreach (var t in await db.Teams.Where(t => teams.Contains(t.Id)).Select(t => new { t.Id, t.Name }).ToListAsync(ct)) { names[ScopeKeys.Team(t.Id)] = text["audience.team", t.Name]; } }
        if (territories.Length > 0) { foreach (var t in await db.Territories.Where(t => territories.Contains(t.Id)).Select(t => new { t.Id, t.Name }).ToListAsync(ct)) { names[ScopeKeys.Territory(t.Id)] = text["audience.territory", t.Name]; } }
        foreach (var key in all.Where(k => !names.ContainsKey(k)))
        {
            names[key] = key.Split(':', 2) switch
            {
                [ScopeKeys.AllPartners] => text["audience.all-partners"],
                ["kind", var kind] => text["audience.kind", text[$"audience.kind.{kind}"].Value],
                ["tier", var tier] => text["audience.tier", text[$"audience.tier.{tier}"].Value],
                ["region", var region] => text["audience.region", region],
                _ => key,
            };
        }
        return names;
    }

    private static long[] IdsOf(string[] keys, string head) =>
        [.. keys.Where(k => k.StartsWith(head + ":", StringComparison.Ordinal)).Select(k => long.TryParse(k.AsSpan(head.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id != 0)];

    private static SelectListItem Item(string key, string name, SelectListGroup group) => new(name, key) { Group = group };
}
