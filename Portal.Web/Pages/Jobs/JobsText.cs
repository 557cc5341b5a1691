namespace Portal.Web.Pages.Jobs;

/// <summary>The words of the pages about long work.</summary>
public sealed class JobsText;
