using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access;

/// <summary>People who see a record, with the reasons in words.</summary>
/// <param name="KeyNames">Names of the share keys among the reasons.</param>
public sealed record OnlookersView(IReadOnlyList<Onlooker> People, IReadOnlyDictionary<string, string> KeyNames)
{
    public string Reason(Onlooker person, IStringLocalizer text) => person.Reason switch
    {
        SightReason.Reach => text["who-sees.reason.reach", text[$"reach.{person.Detail.ToLowerInvariant()}"].Value, string.Join(", ", person.Note.Split(", ").Select(f => text[$"function.{f}"].Value))],
        SightReason.Relationship => text["who-sees.reason.relationship", text[Display.Key(Enum.Parse<Relationship>(person.Detail))].Value],
        SightReason.Share => text["who-sees.reason.share", KeyNames.GetValueOrDefault(person.Detail, person.Detail), person.Note],
        _ => text["who-sees.reason.own"],
    };
}
