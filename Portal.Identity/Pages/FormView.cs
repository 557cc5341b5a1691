namespace Portal.Identity.Pages;

/// <summary>A field of a form page. Label and help are keys of <see cref="IdentityText"/>.</summary>
internal sealed record FormField(string Name, string Label, string Type, string AutoComplete, string Value = "", string? Help = null, int MaxLength = 320, bool Required = true)
{
    /// <summary>What the sentence of the help names.</summary>
    public IReadOnlyList<object> HelpValues { get; init; } = [];
}

/// <param name="Text">Key.</param>
internal sealed record FormLink(string Text, string Address, bool Primary = false);

/// <summary>A page with one question: all that the pages around an account need.</summary>
/// <param name="Title">Key.</param>
/// <param name="Lead">Key; its values follow in <see cref="LeadValues"/>.</param>
/// <param name="Action">Where the form is sent; null: a page without a form.</param>
internal sealed record FormView(string Title, string Lead, string? Action, string Submit)
{
    public IReadOnlyList<object> LeadValues { get; init; } = [];

    /// <summary>Key of what is wrong; null on the first showing.</summary>
    public string? Fault { get; init; }

    /// <summary>What the sentence of the fault names.</summary>
    public IReadOnlyList<object> FaultValues { get; init; } = [];
    public IReadOnlyList<FormField> Fields { get; init; } = [];
    public IReadOnlyList<(string Name, string Value)> Hidden { get; init; } = [];
    public IReadOnlyList<FormLink> Links { get; init; } = [];

    /// <summary>A picture as a data address, with its words as a key.</summary>
    public (string Source, string Words)? Picture { get; init; }

    /// <summary>Signs to be copied: a secret for an app, recovery codes.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>For a passkey: options as the browser takes them, and whether one is made or asked for.</summary>
    public (string Options, bool Create)? Passkey { get; init; }
}

/// <summary>One card of the page on which a person looks after the own account.</summary>
internal sealed record AccountOverview(
    string Email, string FormToken, bool HasPassword, bool HasAuthenticator, int CodesLeft, IReadOnlyList<(string Id, string Name, DateTimeOffset AddedAt)> Passkeys, string? Note, string HomeUrl);
