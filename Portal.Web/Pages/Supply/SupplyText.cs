namespace Portal.Web.Pages.Supply;

/// <summary>Names the words of the area.</summary>
public sealed class SupplyText;
