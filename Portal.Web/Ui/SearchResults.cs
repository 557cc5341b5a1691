namespace Portal.Web.Ui;

/// <summary>What the search dialog and the search page show, written by the partial <c>_SearchResults</c>.</summary>
public sealed record SearchResults(string Words, IReadOnlyList<SearchGroup> Groups);

/// <param name="Title">In the reader's language.</param>
/// <param name="MorePath">The list with the same words; null where all hits are here.</param>
public sealed record SearchGroup(string Title, string Icon, IReadOnlyList<SearchHit> Hits, string? MorePath = null);

public sealed record SearchHit(string Title, string Path, string Detail = "");
