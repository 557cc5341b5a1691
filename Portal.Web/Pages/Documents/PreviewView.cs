namespace Portal.Web.Pages.Documents;

/// <summary>A file to look at within the page, where a browser can show it safely, and to save in any case.</summary>
/// <param name="Size">Bytes.</param>
public sealed record PreviewView(long VersionId, string FileName, string ContentType, long Size, string Title, bool Partner);
