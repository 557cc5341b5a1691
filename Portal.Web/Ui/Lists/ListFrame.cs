using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Portal.Web.Access;

namespace Portal.Web.Ui.Lists;

/// <summary>
/// What stands around a list on a page that shows nothing else of a request. It is the same for a person each time: its view runs once, with marks where the list and the page's
/// address belong, and what it wrote is kept with the person's rights and goes when they change. The list is asked for and written anew at each request.
/// </summary>
internal sealed class ListFrame
{
    private const string AddressMark = "portal:address";
    private static readonly byte[] ListMark = "<!--portal:list-->"u8.ToArray();

    private readonly byte[] _page;
    private readonly Range _before, _between, _after;

    private ListFrame(byte[] page, int list, int address) =>
        (_page, _before, _between, _after) = (page, ..list, (list + ListMark.Length)..address, (address + AddressMark.Length)..);

    /// <summary>Answers with the kept frame, or has the page's view make it.</summary>
    /// <returns>Null where the view must run.</returns>
    public static IActionResult? Answer(ListView list, HttpContext http)
    {
        // A note of the page before stands in the frame once.
        if (Asker.Of(http) is not { } asker || ViewingAs.Of(http) is not null || SiteCookies.Read(http, SiteCookies.Note) is not null) { return null; }
        var place = (typeof(ListFrame), http.Request.Path.Value, CultureInfo.CurrentUICulture.Name, SiteCookies.ThemeOf(http), SiteCookies.Read(http, SiteCookies.Form));
        if (asker.Kept<ListFrame>(place) is { } kept) { return new Framed(kept, list); }
        http.Items[typeof(ListFrame)] = new Making(list, asker, place);
        return null;
    }

    /// <summary>The list's place while the frame is being made, else the list.</summary>
    public static IHtmlContent Placed(ListHtml list, HttpContext http) => IsMaking(http) ? new HtmlString(Encoding.UTF8.GetString(ListMark)) : list;

    /// <summary>Where the page can be found again, for a form that leads back to it.</summary>
    public static string AddressOf(HttpContext http) => IsMaking(http) ? AddressMark : http.Request.Path + http.Request.QueryString;

    /// <returns>False where no frame was to be made of what the view wrote.</returns>
    public static async Task<bool> EndAsync(HttpContext http, ReadOnlyMemory<byte> written)
    {
        if (!http.Items.Remove(typeof(ListFrame), out var begun) || begun is not Making making) { return false; }
        var (list, address) = (OnlyIn(written.Span, ListMark), OnlyIn(written.Span, Encoding.UTF8.GetBytes(AddressMark)));
        if (list < 0 || address < list) { throw new InvalidOperationException($"{http.Request.Path} has no frame around one list"); }
        var frame = new ListFrame(written.ToArray(), list, address);
        // A form's token that comes with a new cookie is good for that cookie only.
        if (http.Response.Headers.SetCookie.Count == 0) { making.Asker.Keep(making.Place, frame); }
        await frame.WriteAsync(http, making.List);
        return true;
    }

    private async Task WriteAsync(HttpContext http, ListView list)
    {
        using var page = new PageBuffer();
        await using var text = new PageText(page);
        var encoder = http.RequestServices.GetRequiredService<HtmlEncoder>();
        page.Write(_page.AsSpan(_before));
        new ListHtml(list).WriteTo(text, encoder);
        page.Write(_page.AsSpan(_between));
        encoder.Encode(text, AddressOf(http));
        page.Write(_page.AsSpan(_after));
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = page.Length;
        await http.Response.Body.WriteAsync(page.Written, http.RequestAborted);
    }

    private static bool IsMaking(HttpContext http) => http.Items.ContainsKey(typeof(ListFrame));

    /// <returns>Where the mark stands; -1 when it does not stand there once.</returns>
    private static int OnlyIn(ReadOnlySpan<byte> page, ReadOnlySpan<byte> mark)
    {
        var at = page.IndexOf(mark);
        return at == page.LastIndexOf(mark) ? at : -1;
    }

    private sealed record Making(ListView List, Asker Asker, object Place);

    private sealed class Framed(ListFrame frame, ListView list) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context) => frame.WriteAsync(context.HttpContext, list);
    }
}
