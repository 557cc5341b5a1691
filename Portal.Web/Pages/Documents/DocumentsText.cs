namespace Portal.Web.Pages.Documents;

/// <summary>The words of the area Documents.</summary>
public sealed class DocumentsText;
