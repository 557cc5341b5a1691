namespace Portal.Web.Pages.Catalog;

/// <summary>Names the words of the area.</summary>
public sealed class CatalogText;
