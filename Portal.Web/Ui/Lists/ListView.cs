using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Ui.Lists;

public static class RunningLists
{
    /// <summary>
    /// Answers the request's query string from the definition: one query for the page, one bounded count when the reader asks for it, or the whole of it as a file.
    /// Nothing here filters for rights: the context's scope does.
    /// </summary>
    /// <param name="given">Values for the definition's Given conditions, in their order.</param>
    public static async Task<ListView> RunAsync<TEntity, TRow>(this ListDefinition<TEntity, TRow> list, DbContext db, HttpContext http,
        CancellationToken ct, params object[] given) where TEntity : class
    {
        var query = http.Request.Query;
        var viewer = Viewer.Of(http);
        var texts = http.RequestServices.GetRequiredService<IStringLocalizerFactory>();
        var text = AreaTexts.Both(texts.Create(list.TextType), texts.Create(typeof(UiText)));
        var request = Read(list, query, viewer, given);
        var view = new ListView(list, request, http, new ListFormat(CultureInfo.CurrentCulture, viewer.TimeZone, text), viewer);
        if (query["export"].ToString() is "csv" or "xlsx")
        {
            view.All = ListQuery.All(list, db, request);
            if (list.AskNames is not null) { view.All = view.NamedAsync(view.All, http.RequestServices.GetRequiredService<PortalDb>(), (PortalDbContext)db, ct); }
            return view;
        }

        var counts = query.ContainsKey("count");
        if (counts && http.Request.WantsPart())
        {
            view.Count = await ListQuery.CountAsync(list, db, request, ct);
            view.IsCountOnly = true;
            return view;
        }
        var rows = await ListQuery.PageAsync(list, db, request, ct);
        view.Take(rows);
        if (list.AskNames is not null) { await view.NameAsync((PortalDbContext)db, view.Rows, ct); }
        if (view.BulkActions.Count > 0 && list.MayOfferUndo(http)) { view.ToUndo = await ((PortalDbContext)db).StandingBulkChangeAsync<TEntity>(UndoOffer.Age, ct); }
        if (view.IsWhole) { view.Count = rows.Count; }
        else if (counts) { view.Count = await ListQuery.CountAsync(list, db, request, ct); }
        foreach (var (filter, use) in request.Filters)
        {
            if (filter is LookUpFilter { LookUp: var name } && use.Values[0] is long id && LookUps.Find(http.RequestServices, name) is { } lookUp)
            {
                view.LookedUp[filter.Key] = await lookUp.NameAsync(id, ct) ?? "";
            }
        }
        return view;
    }

    private static ListRequest Read(ListDefinition list, IQueryCollection query, Viewer viewer, object[] given)
    {
        var sorted = query["sort"].ToString();
        var descending = sorted.StartsWith('-');
        if (!list.Sorts.TryGetValue(descending ? sorted[1..] : sorted, out var sort))
        {
            sorted = list.DefaultSort;
            descending = sorted.StartsWith('-');
            sort = list.Sorts.GetValueOrDefault(descending ? sorted[1..] : sorted) ?? new("", list.IdOf);
        }

        List<(ListColumn, int)> columns = [];
        var at = ListQuery.FirstColumnAt;
        var chosen = query["columns"].SelectMany(c => (c ?? "").Split(',')).ToHashSet(StringComparer.Ordinal);
        var choosing = list.Columns.Any(c => chosen.Contains(c.Key));
        for (var i = 0; i < list.Columns.Count; i++)
        {
            // The first column names the row and leads to it: it always stands.
            if (i > 0 && !(choosing ? chosen.Contains(list.Columns[i].Key) : list.Columns[i].Shown)) { continue; }
            columns.Add((list.Columns[i], at));
            at += list.Columns[i].Slots.Length;
        }

        List<(ListFilter, FilterUse)> filters = [];
        List<(ListFilter, string)> unread = [];
        var nextGiven = 0;
        foreach (var filter in list.Filters)
        {
            if (filter is GivenFilter fixedOne)
            {
                if (nextGiven == given.Length) { throw new ArgumentException($"List {list.Key} needs a value for {filter.Key}", nameof(given)); }
                filters.Add((filter, fixedOne.Use(given[nextGiven++])));
            }
            else if (filter.IsSet(query))
            {
                if (filter.Read(query, viewer) is { } use) { filters.Add((filter, use)); }
                unread.AddRange(filter.Unread(query, viewer).Select(text => (filter, text)));
            }
        }

        var place = KeyCursor.Decode(query["at"]);
        object? placeValue = null;
        var order = (descending ? "-" : "") + sort.Key;
        if (place is not null && (place.Sort != order || (place.Value is not null && !KeyPaging.TryRead(sort.Value.ReturnType, place.Value, out placeValue)))) { place = null; }
        return new(columns, filters, sort, descending, place, place is null ? null : placeValue) { Unread = unread };
    }
}

/// <summary>A list as one reader sees it now. The partial <c>_List</c> writes it; <see cref="Answer"/> chooses page, part or file.</summary>
public sealed class ListView
{
    /// <summary>Few enough to keep beside each other, and many enough that a file of any usual size asks once.</summary>
    private const int RowsNamedAtOnce = 10_000;

    private readonly ListRequest _request;
    private readonly HttpContext _http;
    private readonly Viewer _viewer;

    internal ListView(ListDefinition list, ListRequest request, HttpContext http, ListFormat format, Viewer viewer)
    {
        (Definition, _request, _http, Format, _viewer) = (list, request, http, format, viewer);
        Path = http.Request.PathBase + http.Request.Path;
        BulkActions = [.. list.BulkActions.Where(action => viewer.May(action.Permission))];
    }

    public ListDefinition Definition { get; }
    public ListFormat Format { get; }
    public string Path { get; }
    public string ElementId => "list-" + Definition.Key;
    public IReadOnlyList<object?[]> Rows { get; private set; } = [];
    public IReadOnlyList<BulkAction> BulkActions { get; }
    public string? NextCursor { get; private set; }
    public string? PreviousCursor { get; private set; }
    /// <summary>Null where there are more pages and nobody asked how many rows they have; above 10,000 it means "more than".</summary>
    public int? Count { get; internal set; }
    public bool IsFiltered => _request.Filters.Any(f => f.Filter is not GivenFilter);
    public int FiltersOn => _request.Filters.Count(f => f.Filter is not (GivenFilter or SearchFilter));
    public string Words => _http.Request.Query["q"].ToString();
    internal IReadOnlyList<(ListFilter Filter, string Text)> Unread => _request.Unread;

    internal IAsyncEnumerable<object?[]>? All { get; set; }
    internal Dictionary<string, string> LookedUp { get; } = new(StringComparer.Ordinal);
    internal bool IsCountOnly { get; set; }
    /// <summary>The reader's last bulk change, where it can still be taken back.</summary>
    internal StandingBulkChange? ToUndo { get; set; }
    internal bool IsWhole => NextCursor is null && PreviousCursor is null && _request.Place is null;
    internal IReadOnlyList<(ListColumn Column, int At)> Columns => _request.Columns;

    public IStringLocalizer Text => Format.Text;

    /// <summary>The whole page, its list or its count alone for htmx, or the file that was asked for.</summary>
    public IActionResult Answer(PageModel page)
    {
        if (All is not null) { return new ListFile(this, All, _viewer.Name, _http.Request.Query["export"].ToString()); }
        if (IsCountOnly) { return page.Content(_http.RequestServices.GetRequiredService<HtmlEncoder>().Encode(CountText), "text/html; charset=utf-8"); }
        return page.Request.WantsPart() ? page.Partial("_List", this) : page.Page();
    }

    /// <summary>The same, for a page whose view shows nothing of records or of the request but this list: what it writes around the list is kept for the person.</summary>
    public IActionResult AnswerInFrame(PageModel page) =>
        All is null && !page.Request.WantsPart() && ListFrame.Answer(this, _http) is { } framed ? framed : Answer(page);

    public string CountText => Count switch
    {
        null => "",
        > ListQuery.CountBound => Text["list.count.many"],
        { } count => Text["list.count", Display.Number(count)],
    };

    /// <summary>Nothing is in it, not only nothing under these filters.</summary>
    public bool IsEmpty => Rows.Count == 0 && !IsFiltered && IsWhole;

    /// <summary>Whoever looks as somebody else takes no files along.</summary>
    public bool MayExport => ViewingAs.Of(_http) is null;

    public bool May(string permission) => _viewer.May(permission);

    internal bool HasOwnColumns => _http.Request.Query.ContainsKey("columns");

    /// <summary>Whether the reader filled in a filter, be it with something that cannot be read.</summary>
    internal bool IsSet(ListFilter filter) => filter.IsSet(_http.Request.Query);

    public bool IsShown(ListColumn column) => _request.Columns.Any(c => c.Column == column);

    public string Value(string name) => _http.Request.Query[name].ToString();

    public bool IsChosen(string name, Enum value) =>
        _http.Request.Query[name].Any(word => string.Equals(word, value.ToString(), StringComparison.OrdinalIgnoreCase));

    public string LookUpText(string name) => LookedUp.GetValueOrDefault(name, "");

    /// <summary>This list with some parameters of its address set anew; null leaves a parameter out. A change always starts at the first page.</summary>
    public string Address(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var address = new StringBuilder(Path, 256);
        var separator = '?';
        foreach (var (name, values) in _http.Request.Query)
        {
            if (IsOfOneAnswer(name) || Contains(changes, name)) { continue; }
            foreach (var value in values)
            {
                if (string.IsNullOrEmpty(value)) { continue; }
                address.Append(separator).Append(UrlEncoder.Default.Encode(name)).Append('=').Append(UrlEncoder.Default.Encode(value));
                separator = '&';
            }
        }
        foreach (var (name, value) in changes)
        {
            if (value is null) { continue; }
            address.Append(separator).Append(UrlEncoder.Default.Encode(name)).Append('=').Append(UrlEncoder.Default.Encode(value));
            separator = '&';
        }
        return address.ToString();
    }

    /// <summary>The parameters that a form of the list must carry on besides those it sets itself.</summary>
    public IEnumerable<(string Name, string Value)> Kept(Func<string, bool> setByForm)
    {
        foreach (var (name, values) in _http.Request.Query)
        {
            if (IsOfOneAnswer(name) || setByForm(name)) { continue; }
            foreach (var value in values) { if (!string.IsNullOrEmpty(value)) { yield return (name, value); } }
        }
    }

    public string HandlerAddress(string handler)
    {
        var address = Address();
        return address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "handler=" + handler;
    }

    /// <summary>Where the reader's saved views of this list are kept and this one can be added.</summary>
    public string ViewsAddress()
    {
        var address = Address();
        var query = address.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? address[(at + 1)..] : "";
        return $"/views?list={Definition.Key}&path={UrlEncoder.Default.Encode(Path)}&query={UrlEncoder.Default.Encode(query)}";
    }

    /// <summary>The address without filters: order and columns stay.</summary>
    public string Unfiltered() => Address([.. Definition.Filters.SelectMany(f => f.Names).Select(name => (name, (string?)null))]);

    /// <summary>The one part of a page that grows with the data.</summary>
    public void WriteTable(TextWriter to, HtmlEncoder encoder) => new Table(this).WriteTo(to, encoder);

    internal string UndoText(StandingBulkChange change) => Text["list.undo", change.Count, Display.Instant(change.At, Format.TimeZone)];

    internal void WriteFormFields(TextWriter to, HtmlEncoder encoder) => FormKeyTagHelper.WriteFields(_http, to, encoder);

    internal void Take(List<object?[]> rows)
    {
        var more = rows.Count > Definition.PageSize;
        if (more) { rows.RemoveAt(rows.Count - 1); }
        var backward = _request.Place?.Backward is true;
        if (backward) { rows.Reverse(); }
        Rows = rows;
        if (rows.Count == 0) { return; }
        var order = (_request.Descending ? "-" : "") + _request.Sort.Key;
        if (backward || more) { NextCursor = Cursor(rows[^1], backward: false, order); }
        if (backward ? more : _request.Place is not null) { PreviousCursor = Cursor(rows[0], backward: true, order); }
    }

    /// <summary>Finds the names of the records that the rows hold the numbers of, by one question.</summary>
    internal async Task NameAsync(PortalDbContext db, IReadOnlyList<object?[]> rows, CancellationToken ct)
    {
        var ids = new HashSet<long>();
        foreach (var row in rows) { foreach (var (column, at) in Columns) { column.Numbers(row, at, ids); } }
        Format.Names = ids.Count == 0 ? new Dictionary<long, RecordName>() : await Definition.AskNames!(db, ids, _viewer, ct);
    }

    /// <summary>The same for the rows of a file, some thousand at a time. The rows are still being read meanwhile, so names are asked for beside them, in the same scope.</summary>
    internal async IAsyncEnumerable<object?[]> NamedAsync(IAsyncEnumerable<object?[]> rows, PortalDb portal, PortalDbContext db, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var beside = portal.For(db.Scope, db.Through);
        await foreach (var some in rows.Chunk(RowsNamedAtOnce).WithCancellation(ct))
        {
            await NameAsync(beside, some, ct);
            foreach (var row in some) { yield return row; }
        }
    }

    private string Cursor(object?[] row, bool backward, string order) =>
        new KeyCursor(backward, order, KeyPaging.Write(row[_request.SortAt]), (long)row[ListQuery.IdAt]!).Encode();

    /// <summary>Parameters that say what of the list is wanted this time; the next address of the list starts without them.</summary>
    private static bool IsOfOneAnswer(string name) => name is "at" or "count" or "export" or "handler";

    private static bool Contains(ReadOnlySpan<(string Name, string? Value)> changes, string name)
    {
        foreach (var change in changes) { if (change.Name == name) { return true; } }
        return false;
    }

    private sealed class Table(ListView view)
    {
        public void WriteTo(TextWriter to, HtmlEncoder encoder)
        {
            var (columns, text, bulk) = (view._request.Columns, view.Text, view.BulkActions.Count > 0);
            to.Write("<table class=\"portal-table\"><thead hx-boost=\"true\"><tr>");
            if (bulk)
            {
                to.Write("<th class=\"pick\"><input type=\"checkbox\" class=\"form-check-input\" data-select-all aria-label=\"");
                encoder.Encode(to, text["list.select-all"].Value);
                to.Write("\"></th>");
            }
            foreach (var (column, _) in columns) { WriteHead(to, encoder, column); }
            to.Write("</tr></thead><tbody>");
            var opening = columns.Select((c, i) => Opening(encoder, c.Column, i == 0)).ToArray();
            var path = view.Definition.RowPath?.Split("{id}", 2);
            foreach (var row in view.Rows) { WriteRow(to, encoder, row, opening, path, bulk); }
            to.Write("</tbody></table>");
        }

        private void WriteHead(TextWriter to, HtmlEncoder encoder, ListColumn column)
        {
            var sorted = view._request.Sort.Key == column.Key;
            to.Write(column.IsNumber ? "<th scope=\"col\" class=\"num\"" : "<th scope=\"col\"");
            if (sorted) { to.Write(view._request.Descending ? " aria-sort=\"descending\"" : " aria-sort=\"ascending\""); }
            to.Write('>');
            var title = view.Text[column.TextKey].Value;
            if (!view.Definition.Sorts.ContainsKey(column.Key)) { encoder.Encode(to, title); to.Write("</th>"); return; }
            to.Write("<a href=\"");
            encoder.Encode(to, view.Address(("sort", sorted && !view._request.Descending ? "-" + column.Key : column.Key)));
            to.Write("\">");
            encoder.Encode(to, title);
            if (sorted) { new Icon(view._request.Descending ? "arrow-down" : "arrow-up").WriteTo(to, encoder); }
            to.Write("</a></th>");
        }

        /// <summary>The part of a cell that is the same in every row; the label is for phones, where a row is a card.</summary>
        private string Opening(HtmlEncoder encoder, ListColumn column, bool lead)
        {
            var name = lead ? "lead" : column.IsNumber ? "num" : column.KeepsLabel ? "told" : "";
            return $"{(name.Length > 0 ? $" class=\"{name}\"" : "")} data-label=\"{encoder.Encode(view.Text[column.TextKey].Value)}\">";
        }

        private void WriteRow(TextWriter to, HtmlEncoder encoder, object?[] row, string[] opening, string[]? path, bool bulk)
        {
            to.Write("<tr>");
            var id = (long)row[ListQuery.IdAt]!;
            if (bulk)
            {
                to.Write("<td class=\"pick\"><input type=\"checkbox\" class=\"form-check-input portal-select\" name=\"ids\" form=\"");
                to.Write(view.ElementId);
                to.Write("-bulk\" value=\"");
                view.Format.Formatted(to, id, "D");
                to.Write("\" aria-label=\"");
                encoder.Encode(to, view.Text["list.select", row[ListQuery.FirstColumnAt] ?? id].Value);
                to.Write("\"></td>");
            }
            for (var i = 0; i < opening.Length; i++)
            {
                var (column, at) = view._request.Columns[i];
                if (i > 0 && column.IsEmpty(row, at)) { to.Write("<td class=\"none\"></td>"); continue; }
                to.Write("<td");
                to.Write(opening[i]);
                if (i == 0 && path is not null)
                {
                    to.Write("<a href=\"");
                    to.Write(path[0]);
                    view.Format.Formatted(to, id, "D");
                    to.Write(path[1]);
                    to.Write("\">");
                }
                if (column.IsEmpty(row, at)) { to.Write(Display.None); } else { column.Write(to, encoder, row, at, view.Format); }
                to.Write(i == 0 && path is not null ? "</a></td>" : "</td>");
            }
            to.Write("</tr>");
        }
    }
}
