using Microsoft.Extensions.Localization;
using Portal.Domain.Documents;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Documents;

/// <summary>States and kinds of documents in words.</summary>
public static class DocumentWords
{
    public static Tone Tone(DocumentStatus status) => status switch
    {
        DocumentStatus.Published => Ui.Lists.Tone.Ok,
        DocumentStatus.Withdrawn => Ui.Lists.Tone.Warn,
        _ => Ui.Lists.Tone.Plain,
    };

    public static Tone Tone(ReceiptKind kind) => kind is ReceiptKind.Confirmed ? Ui.Lists.Tone.Ok : Ui.Lists.Tone.Info;

    /// <summary>What the state means today: published but not yet or no longer valid is not what readers see.</summary>
    public static StateBadge State(Document document, DateOnly today, IStringLocalizer text) => document switch
    {
        { Status: DocumentStatus.Published } when document.ValidUntil < today => new(text["document.state.expired"], Ui.Lists.Tone.Bad),
        { Status: DocumentStatus.Published } when document.ValidFrom > today => new(text["document.state.not-yet"], Ui.Lists.Tone.Info),
        _ => new(text[Display.Key(document.Status)], Tone(document.Status)),
    };

    public static string Validity(DateOnly? from, DateOnly? until, IStringLocalizer text) => (from, until) switch
    {
        ({ } f, { } u) => text["document.valid.from-until", Display.Date(f), Display.Date(u)],
        ({ } f, null) => text["document.valid.from", Display.Date(f)],
        (null, { } u) => text["document.valid.until", Display.Date(u)],
        _ => text["document.valid.always"],
    };

    /// <summary>The kind of a file as people call it: its ending.</summary>
    public static string Kind(string fileName) => Web.Documents.FileNames.ExtensionOf(fileName).TrimStart('.').ToUpperInvariant();
}
