namespace Portal.Web.Pages.Reports;

/// <summary>The words of the pages around reports; a report's own words come with its definition.</summary>
public sealed class ReportsText;
