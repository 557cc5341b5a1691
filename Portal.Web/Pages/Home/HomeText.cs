namespace Portal.Web.Pages.Home;

/// <summary>Words of the home pages and of the search over everything.</summary>
public sealed class HomeText;
