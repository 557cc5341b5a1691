using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Ui.Lists;

public static class WritingLists
{
    /// <summary>The list with its search, filters, table and pages. It is written by code and not by a view, for it stands on most pages and is most of them.</summary>
    public static IHtmlContent List(this IHtmlHelper html, ListView list) => ListFrame.Placed(new(list), html.ViewContext.HttpContext);
}

/// <summary>One answer's list as HTML.</summary>
internal sealed class ListHtml(ListView view) : IHtmlContent
{
    /// <summary>Of what cannot be read: enough to know it again.</summary>
    private const int LongestTold = 60;

    private readonly ListDefinition _list = view.Definition;
    private readonly string _id = view.ElementId;

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        var to = new HtmlWriting(writer, encoder, view.Text);
        to.Raw($"<section class=\"portal-list{(_list.AreRowsBrief ? " brief" : "")}\" id=\"{_id}\" hx-target=\"#{_id}-body\" hx-select=\"#{_id}-body\" hx-select-oob=\"#{_id}-on,#{_id}-tools\" hx-swap=\"outerHTML\">");
        if (!view.IsEmpty)
        {
            to.Raw("<div class=\"portal-list-bar\">");
            WriteSearch(to);
            WriteTools(to);
            to.Raw("</div>");
        }
        to.Raw($"<div class=\"portal-list-body\" id=\"{_id}-body\">");
        WriteBody(to);
        to.Raw("</div></section>");
    }

    private void WriteSearch(HtmlWriting to)
    {
        to.Raw("<form method=\"get\" role=\"search\" data-short-address hx-push-url=\"true\" hx-trigger=\"submit, change, input changed delay:300ms from:find input[type=search]\" hx-sync=\"this:replace\"");
        to.Attribute("action", view.Path);
        to.Attribute("hx-get", view.Path);
        to.Raw(">");
        to.Hidden(view.Kept(_list.IsFilterName));
        if (_list.HasSearch)
        {
            to.Raw($"<div class=\"portal-list-search\"><label class=\"visually-hidden\" for=\"{_id}-q\">");
            to.Words("list.search");
            to.Raw($"</label><input class=\"form-control\" type=\"search\" id=\"{_id}-q\" name=\"q\" maxlength=\"100\"");
            to.Attribute("value", view.Words);
            to.Attribute("placeholder", view.Text["list.search"].Value);
            to.Raw("></div>");
        }
        if (_list.Fields.Count > 0) { WriteFilters(to); }
        else
        {
            if (_list.HasSearch)
            {
                to.Raw("<button class=\"btn\">");
                to.IconAndWords("search", "list.search");
                to.Raw("</button>");
            }
            to.Raw($"<span id=\"{_id}-on\" hidden></span>");
        }
        to.Raw("</form>");
    }

    private void WriteFilters(HtmlWriting to)
    {
        to.Raw(view.FiltersOn > 0 ? "<details class=\"portal-filters\" open><summary class=\"btn\">" : "<details class=\"portal-filters\"><summary class=\"btn\">");
        to.IconAndWords("filter", "list.filter");
        to.Raw($" <span id=\"{_id}-on\">");
        if (view.FiltersOn > 0)
        {
            to.Raw("<span class=\"portal-badge info\">");
            to.Text(view.Text["list.filters-on", view.FiltersOn].Value);
            to.Raw("</span>");
        }
        to.Raw("</span></summary><div class=\"portal-filter-fields\">");
        foreach (var filter in _list.Fields)
        {
            if (view.IsSet(filter)) { filter.WriteField(to, view); }
            else { to.Raw(_list.Kept(filter, to, apart => filter.WriteField(apart, view))); }
        }
        to.Raw("<div><button class=\"btn btn-primary\">");
        to.Words("list.apply");
        to.Raw("</button> <a class=\"btn btn-link\"");
        to.Attribute("href", view.Unfiltered());
        to.Raw(">");
        to.Words("list.reset");
        to.Raw("</a></div></div></details>");
    }

    private void WriteTools(HtmlWriting to)
    {
        to.Raw($"<div class=\"portal-list-tools\" id=\"{_id}-tools\" hx-disinherit=\"*\">");
        WriteMenu(to, "bookmark", "list.views");
        var views = view.ViewsAddress();
        to.Raw("<div class=\"dropdown-menu\" hx-trigger=\"toggle from:closest details once\"");
        to.Attribute("hx-get", views);
        to.Raw("><a class=\"dropdown-item\"");
        to.Attribute("href", views);
        to.Raw(">");
        to.Words("list.views");
        to.Raw("</a></div></details>");

        WriteMenu(to, "columns-3", "list.columns");
        to.Raw("<form class=\"dropdown-menu\" method=\"get\"");
        to.Attribute("action", view.Path);
        to.Raw(">");
        to.Hidden(view.Kept(static name => name == "columns"));
        if (view.HasOwnColumns) { WriteColumnChoice(to); } else { to.Raw(_list.Kept("columns", to, WriteColumnChoice)); }
        to.Raw("</form></details>");

        if (view.MayExport)
        {
            WriteMenu(to, "download", "list.export");
            to.Raw("<div class=\"dropdown-menu\"><a class=\"dropdown-item\" download");
            to.Attribute("href", view.Address(("export", "xlsx")));
            to.Raw(">");
            to.IconAndWords("file-spreadsheet", "list.export.xlsx");
            to.Raw("</a><a class=\"dropdown-item\" download");
            to.Attribute("href", view.Address(("export", "csv")));
            to.Raw(">");
            to.IconAndWords("file-text", "list.export.csv");
            to.Raw("</a></div></details>");
        }
        to.Raw("</div>");
    }

    private static void WriteMenu(HtmlWriting to, string icon, string key)
    {
        to.Raw("<details class=\"portal-menu\" data-menu><summary class=\"btn\">");
        to.Icon(icon);
        to.Raw("<span>");
        to.Words(key);
        to.Raw("</span></summary>");
    }

    private void WriteColumnChoice(HtmlWriting to)
    {
        foreach (var column in _list.Columns)
        {
            to.Check("columns", column.Key, view.IsShown(column), view.Text[column.TextKey].Value, disabled: column == _list.Columns[0]);
        }
        to.Hidden([("columns", _list.Columns[0].Key)]);
        to.Raw("<button class=\"btn btn-sm btn-primary\">");
        to.Words("list.columns.apply");
        to.Raw("</button>");
    }

    private void WriteBody(HtmlWriting to)
    {
        foreach (var (filter, text) in view.Unread)
        {
            to.Raw("<p class=\"alert alert-warning\" role=\"alert\">");
            to.Text(view.Text["list.unread", text.Length > LongestTold ? text[..LongestTold] + "…" : text, view.Text[filter.TextKey].Value].Value);
            to.Raw("</p>");
        }
        if (view.IsEmpty)
        {
            var empty = _list.Empty ?? new("inbox", "list.empty");
            to.Raw("<div class=\"portal-empty\">");
            to.Icon(empty.Icon);
            to.Raw("<p>");
            to.Words(empty.Text);
            to.Raw("</p>");
            if (empty is { ActionPath: { } path, ActionText: { } action } && view.May(empty.ActionPermission)) { to.Link("btn btn-primary", path, action); }
            to.Raw("</div>");
            return;
        }
        if (view.ToUndo is { } change) { WriteUndo(to, view.UndoText(change)); }
        if (view.Rows.Count == 0)
        {
            to.Raw("<div class=\"portal-empty\">");
            to.Icon("search");
            to.Raw("<p>");
            to.Words("list.none");
            to.Raw("</p>");
            to.Link("btn", view.Unfiltered(), "list.reset");
            to.Raw("</div>");
        }
        else
        {
            if (view.BulkActions.Count > 0) { WriteBulk(to); }
            to.Raw("<div class=\"portal-table-wrap\" tabindex=\"0\">");
            view.WriteTable(to.Writer, to.Encoder);
            to.Raw("</div>");
        }
        WriteFoot(to);
    }

    private void WriteUndo(HtmlWriting to, string text)
    {
        to.Raw("<form method=\"post\" class=\"portal-list-undo\" hx-disinherit=\"*\"");
        to.Attribute("action", view.HandlerAddress(_list.UndoHandler!));
        to.Raw("><span>");
        to.Text(text);
        to.Raw("</span><button class=\"btn btn-sm\">");
        to.Words("toast.undo");
        to.Raw("</button>");
        view.WriteFormFields(to.Writer, to.Encoder);
        to.Raw("</form>");
    }

    private void WriteBulk(HtmlWriting to)
    {
        to.Raw($"<form method=\"post\" id=\"{_id}-bulk\" class=\"portal-bulk\" hx-disinherit=\"*\"");
        to.Attribute("action", view.Address());
        to.Attribute("aria-label", view.Text["list.bulk"].Value);
        to.Raw("><strong");
        to.Attribute("data-selected-count", view.Text["list.selected"].Value);
        to.Raw(">");
        to.Words("list.bulk");
        to.Raw("</strong>");
        foreach (var action in view.BulkActions)
        {
            to.Raw("<div class=\"portal-bulk-act\">");
            foreach (var input in action.Inputs ?? []) { WriteBulkInput(to, input); }
            to.Raw("<button class=\"btn btn-sm\"");
            to.Attribute("formaction", view.HandlerAddress(action.Handler));
            if (action.Confirm is { } confirm) { to.Attribute("data-confirm", view.Text[confirm].Value); }
            to.Raw(">");
            to.Words(action.Text);
            to.Raw("</button></div>");
        }
        view.WriteFormFields(to.Writer, to.Encoder);
        to.Raw("</form>");
    }

    private void WriteBulkInput(HtmlWriting to, BulkInput input)
    {
        var id = Display.Kebab(input.Name);
        to.Raw($"<div class=\"portal-bulk-field\"><label class=\"visually-hidden\" for=\"{id}\">");
        to.Words(input.Label);
        to.Raw("</label>");
        if (input.LookUp is { } lookUp) { new LookUpInput(id, input.Name, "", "", lookUp, view.Text, hint: view.Text[input.Label]).WriteTo(to.Writer, to.Encoder); }
        else
        {
            to.Raw($"<input class=\"form-control\" id=\"{id}\" maxlength=\"{input.Longest}\"");
            to.Attribute("name", input.Name);
            to.Attribute("placeholder", view.Text[input.Label].Value);
            to.Raw(">");
        }
        to.Raw("</div>");
    }

    private void WriteFoot(HtmlWriting to)
    {
        to.Raw("<div class=\"portal-list-foot\"><span role=\"status\">");
        if (view.Count is null)
        {
            var address = view.Address(("count", "1"));
            to.Raw("<a hx-trigger=\"revealed\" hx-target=\"closest span\" hx-select=\"unset\" hx-select-oob=\"unset\" hx-swap=\"innerHTML\"");
            to.Attribute("href", address);
            to.Attribute("hx-get", address);
            to.Raw(">");
            to.Words("list.count.ask");
            to.Raw("</a>");
        }
        else { to.Text(view.CountText); }
        to.Raw("</span>");
        if (view.NextCursor is not null || view.PreviousCursor is not null)
        {
            to.Raw("<nav hx-boost=\"true\"");
            to.Attribute("aria-label", view.Text["list.pages"].Value);
            to.Raw(">");
            if (view.PreviousCursor is { } previous)
            {
                to.Raw("<a class=\"btn btn-sm\"");
                to.Attribute("href", view.Address());
                to.Raw(">");
                to.Icon("chevrons-left");
                to.Raw("<span class=\"visually-hidden\">");
                to.Words("list.first");
                to.Raw("</span></a><a class=\"btn btn-sm\" rel=\"prev\"");
                to.Attribute("href", view.Address(("at", previous)));
                to.Raw(">");
                to.IconAndWords("chevron-left", "list.previous");
                to.Raw("</a>");
            }
            if (view.NextCursor is { } next)
            {
                to.Raw("<a class=\"btn btn-sm\" rel=\"next\"");
                to.Attribute("href", view.Address(("at", next)));
                to.Raw(">");
                to.Words("list.next");
                to.Icon("chevron-right");
                to.Raw("</a>");
            }
            to.Raw("</nav>");
        }
        to.Raw("</div>");
    }
}
