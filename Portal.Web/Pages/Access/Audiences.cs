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
    private const int MostListed = 200;

    /// <summary>Every group that can be chosen from a list; single companies and people are looked up. Regions are those of the territories.</summary>
    /// <param name="partnersOnly">Without teams and territories of the house.</param>
    public async Task<IReadOnlyList<SelectListItem>> GroupsAsync(bool partnersOnly, CancellationToken ct)
    {
        var partners = new SelectListGroup { Name = text["audience.partners"] };
        var house = new SelectListGroup { Name = text["audience.house"] };
        var territories = await db.Territories.OrderBy(t => t.Name).ThenBy(t => t.Id).Take(MostListed).Select(t => new { t.Id, t.Name, t.Region }).ToListAsync(ct);
        List<SelectListItem> items =
        [
            Item(ScopeKeys.AllPartners, text["audience.all-partners"], partners),
            .. new[] { CompanyRole.Supplier, CompanyRole.Distributor, CompanyRole.ChannelPartner }.Select(r => Item(ScopeKeys.Kind(r), text["audience.kind", text[$"audience.kind.{r}"].Value], partners)),
            .. Enum.GetValues<PartnerTier>().Where(t => t is not PartnerTier.None).Select(t => Item(ScopeKeys.Tier(t), text["audience.tier", text[$"audience.tier.{t}"].Value], partners)),
            .. territories.Select(t => t.Region).OfType<string>().Where(r => r.Length > 0).Distinct().Order(StringComparer.Ordinal).Select(r => Item(ScopeKeys.Region(r), text["audience.region", r], partners)),
        ];
        if (partnersOnly) { return items; }
        items.AddRange((await db.Teams.OrderBy(t => t.Name).Take(MostListed).ToListAsync(ct)).Select(t => Item(ScopeKeys.Team(t.Id), text["audience.team", t.Name], house)));
        items.AddRange(territories.Select(t => Item(ScopeKeys.Territory(t.Id), text["audience.territory", t.Name], house)));
        return items;
    }

    /// <summary>Keys in words; one query for all that name a single company, person, team or territory.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(IEnumerable<string> keys, CancellationToken ct)
    {
        var all = keys.Distinct().ToArray();
        // Ids are unique across kinds, so one list serves all four.
        var ids = all.Select(IdOf).Where(id => id != 0).ToArray();
        var named = ids.Length == 0 ? [] : await db.Companies.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Name })
            .Concat(db.People.Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.Name }))
            .Concat(db.Teams.Where(t => ids.Contains(t.Id)).Select(t => new { t.Id, t.Name }))
            .Concat(db.Territories.Where(t => ids.Contains(t.Id)).Select(t => new { t.Id, t.Name })).ToDictionaryAsync(n => n.Id, n => n.Name, ct);
        return all.ToDictionary(k => k, k => Say(k, named.GetValueOrDefault(IdOf(k))));
    }

    /// <param name="names">Of what the keys name, by key.</param>
    public string Say(string key, IReadOnlyDictionary<string, string> names) => Say(key, names.GetValueOrDefault(key));

    private string Say(string key, string? name) => key.Split(':', 2) switch
    {
        [ScopeKeys.AllPartners] => text["audience.all-partners"],
        ["kind", var kind] => text["audience.kind", text[$"audience.kind.{kind}"].Value],
        ["tier", var tier] => text["audience.tier", text[$"audience.tier.{tier}"].Value],
        ["region", var region] => text["audience.region", region],
        ["team", _] when name is not null => text["audience.team", name],
        ["territory", _] when name is not null => text["audience.territory", name],
        _ => name ?? key,
    };

    private static long IdOf(string key) =>
        key.Split(':', 2) is ["company" or "person" or "team" or "territory", var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private static SelectListItem Item(string key, string name, SelectListGroup group) => new(name, key) { Group = group };
}
