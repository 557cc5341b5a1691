namespace Portal.Web.Pages.Access;

/// <summary>Marks the texts of the area.</summary>
public sealed class AccessText;
