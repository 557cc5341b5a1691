using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access;

/// <summary>People who see a record, with the reasons in words: the first by name, the rest as a number.</summary>
/// <param name="Names">Of single companies, people, teams and territories among the share keys.</param>
public sealed record OnlookersView(IReadOnlyList<Onlooker> All, IReadOnlyDictionary<string, string> Names, Audiences Audiences)
{
    /// <summary>Rows; more is no list that anybody reads.</summary>
    public const int MostShown = 200;

    public IEnumerable<Onlooker> Shown => All.Where(o => o.IsNamed).Take(MostShown);

    /// <summary>Named, and not shown.</summary>
    public int Further => Math.Max(0, All.Count(o => o.IsNamed) - MostShown);

    /// <summary>Of companies that the reader does not see.</summary>
    public int Unnamed => All.Count(o => !o.IsNamed);

    public string Reason(Onlooker person, IStringLocalizer text, IStringLocalizer ui) => person.Reason switch
    {
        SightReason.Reach => text["who-sees.reason.reach", text[$"reach.{person.Detail.ToLowerInvariant()}"].Value, string.Join(ui["list.words-separator"], person.Note.Split(", ").Select(f => text[$"function.{f}"].Value))],
        SightReason.Relationship => text["who-sees.reason.relationship", text[Display.Key(Enum.Parse<Relationship>(person.Detail))].Value],
        SightReason.Share => text["who-sees.reason.share", Audiences.Say(person.Detail, Names), person.Note],
        _ => text["who-sees.reason.own"],
    };
}
