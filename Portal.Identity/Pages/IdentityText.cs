namespace Portal.Identity.Pages;

/// <summary>Marks the texts of the provider's pages.</summary>
public sealed class IdentityText;
