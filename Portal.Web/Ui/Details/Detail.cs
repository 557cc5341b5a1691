using Microsoft.AspNetCore.Html;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Ui.Details;

/// <summary>A state as a word with a tone.</summary>
public sealed record StateBadge(string Text, Tone Tone = Tone.Plain);

/// <summary>What may be done with the record. With a handler it is a POST, otherwise a link.</summary>
/// <param name="Path">Where the link leads or the form posts to.</param>
/// <param name="Confirm">The question to ask once, for what cannot be undone.</param>
public sealed record DetailAction(string Text, string Path, string Icon = "", bool Post = false, bool Primary = false, bool Danger = false, string? Confirm = null);

/// <summary>The one thing that should happen next, and where.</summary>
public sealed record NextStep(string Text, string? Path = null);

/// <summary>Top of a detail page. Written by <c>_DetailHead</c>.</summary>
/// <param name="SharePath">The page "who can see this, and why"; null where the reader may not ask.</param>
public sealed record DetailHead(string Title, StateBadge? State = null, NextStep? Next = null, IReadOnlyList<DetailAction>? Actions = null, string? SharePath = null, string Subtitle = "");

/// <param name="Value">Text, or any HTML content such as a link; an empty one is shown as a dash.</param>
public sealed record Fact(string Label, IHtmlContent Value)
{
    public Fact(string label, string? value) : this(label, new HtmlContentBuilder().Append(string.IsNullOrEmpty(value) ? Display.None : value)) { }

    /// <summary>A fact that leads to another record.</summary>
    public static Fact Link(string label, string? text, string path) =>
        string.IsNullOrEmpty(text) ? new(label, text) : new(label, new HtmlContentBuilder().AppendHtml("<a href=\"").Append(path).AppendHtml("\">").Append(text).AppendHtml("</a>"));

    public static Fact State(string label, StateBadge state) => new(label, Badge(state));

    public static IHtmlContent Badge(StateBadge state) => new HtmlContentBuilder().AppendHtml(BadgeColumn.Opening(state.Tone)).Append(state.Text).AppendHtml("</span>");
}

/// <summary>A part of the page with an address of its own.</summary>
/// <param name="Count">Shown beside the word; null for none.</param>
public sealed record Tab(string Text, string Path, bool Current, int? Count = null);

/// <param name="Detail">A line more; empty for none.</param>
public sealed record TimelineItem(DateTimeOffset At, string Icon, string Text, string Who, string Detail = "", string? Path = null);

/// <param name="EarlierPath">Leads to what happened before; null at the beginning.</param>
public sealed record TimelineView(IReadOnlyList<TimelineItem> Items, string? EarlierPath = null);

/// <param name="Author">Null where the reader may not know who wrote it.</param>
/// <param name="Internal">True where only staff read it.</param>
public sealed record CommentItem(long Id, string? Author, DateTimeOffset At, string Text, bool Internal, IReadOnlyList<CommentItem> Replies);

/// <summary>A thread below a record. The form posts <c>text</c>, <c>parentId</c> and, from staff, <c>shared</c> to <paramref name="PostPath"/>.</summary>
/// <param name="PostPath">Null where the reader may not write.</param>
/// <param name="CanBeInternal">Staff choose who may read; a partner's comment is always shared.</param>
public sealed record CommentsView(IReadOnlyList<CommentItem> Comments, string? PostPath, bool CanBeInternal);

/// <param name="Size">Bytes.</param>
public sealed record FileItem(string Name, string DownloadPath, long Size, DateTimeOffset At, string Who, string? PreviewPath = null);

/// <param name="AddPath">The page that takes a file; null where the reader may not add one.</param>
public sealed record FilesView(IReadOnlyList<FileItem> Files, string? AddPath = null);
