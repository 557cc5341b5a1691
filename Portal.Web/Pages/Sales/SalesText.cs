namespace Portal.Web.Pages.Sales;

/// <summary>The words of the area Sales.</summary>
public sealed class SalesText;
