using System.Globalization;
using System.Resources;
using Microsoft.AspNetCore.Mvc.Rendering;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Exchange;
using Portal.Web.Pages.Exchange;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Exchange;

/// <summary>What pages call the fields of an import and the words that may stand in them: lists that the portal wrote come in again as they are, in whichever language.</summary>
public static class ImportWords
{
    private static readonly ResourceManager s_texts = new(typeof(ExchangeText));

    /// <returns>The text in every language of the house; those that there are.</returns>
    public static IEnumerable<string> Labels(string key) => Language.All.Select(language => s_texts.GetString($"import.{key}", language)).OfType<string>().Distinct();

    /// <returns>The words of the field as pages call them, in every language; none where the words are codes that stand for themselves.</returns>
    public static IEnumerable<(string Label, string Word)> Of(ImportField field) =>
        from word in field.Words from language in Language.All let label = Label(field, word, language) where label is not null && !label.Equals(word, StringComparison.OrdinalIgnoreCase) select (label, word);

    /// <returns>What a field can be given for every row: its words, yes and no, currencies, countries. Null where that is free text.</returns>
    public static IEnumerable<SelectListItem>? Choices(ImportField field, Func<bool, string> yesNo) => field switch
    {
        { Type: ImportFieldType.Boolean } => [new(yesNo(true), "true"), new(yesNo(false), "false")],
        { UnknownWord: ImportRefusals.UnknownCurrency } => CurrencyCodes.All.Order(StringComparer.Ordinal).Select(code => new SelectListItem(code, code)),
        { UnknownWord: ImportRefusals.UnknownCountry } => Countries.Options(),
        { Words.Count: > 0 } => field.Words.Select(word => new SelectListItem(Label(field, word, CultureInfo.CurrentUICulture) ?? word, word)),
        _ => null,
    };

    private static string? Label(ImportField field, string word, CultureInfo language) => field switch
    {
        { Enum: { } type } => AreaTexts.Find(Display.Key((Enum)Enum.Parse(type, word)), language),
        { Spelled: not null } => Units.Word(word, language),
        _ => AreaTexts.Find($"function.{word}", language),
    };
}
