using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Portal.Reports.Rendering;

namespace Portal.Web.Ui.Lists;

/// <summary>Exactly the rows and columns in view, as a file, streamed from the database to the browser: memory does not grow with rows.</summary>
internal sealed class ListFile(ListView view, IAsyncEnumerable<object?[]> rows, string author, string kind) : IActionResult
{
    private const string Csv = "text/csv; charset=utf-8", Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        var ct = context.HttpContext.RequestAborted;
        var now = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var title = view.Text[view.Definition.Words + ".list.title"] is { ResourceNotFound: false } named ? named.Value : view.Definition.Key;
        response.ContentType = kind == "csv" ? Csv : Xlsx;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{title} {TimeZoneInfo.ConvertTime(now, view.Format.TimeZone):yyyy-MM-dd}.{kind}");
        response.Headers.ContentDisposition = disposition.ToString();
        // The first row is read before the first byte goes out, so that a failing query is an error page and not half a file.
        await using var reading = rows.GetAsyncEnumerator(ct);
        var any = await reading.MoveNextAsync();
        if (kind == "csv") { await WriteCsvAsync(response.Body, reading, any, ct); }
        else { await WriteXlsxAsync(context.HttpContext, new XlsxBook(title, author, now, view.Format.TimeZone), reading, any, ct); }
    }

    private async Task WriteCsvAsync(Stream to, IAsyncEnumerator<object?[]> reading, bool any, CancellationToken ct)
    {
        var csv = new CsvWriter(to);
        csv.Header(view.Columns.SelectMany(c => c.Column.SecondTextKey.Length == 0 ? [TitleOf(c.Column)] : new[] { TitleOf(c.Column), view.Text[c.Column.SecondTextKey].Value }));
        await csv.EndRowAsync(ct);
        while (any)
        {
            WriteRow(csv, reading.Current);
            await csv.EndRowAsync(ct);
            any = await reading.MoveNextAsync();
        }
        await csv.CompleteAsync(ct);
    }

    private async Task WriteXlsxAsync(HttpContext http, XlsxBook about, IAsyncEnumerator<object?[]> reading, bool any, CancellationToken ct)
    {
        // Closing a part of a zip archive writes its last few bytes synchronously, whatever stream it goes to.
        if (http.Features.Get<IHttpBodyControlFeature>() is { } body) { body.AllowSynchronousIO = true; }
        await using var book = await XlsxWriter.CreateAsync(http.Response.Body, about, ct);
        await book.BeginSheetAsync(new XlsxSheet(about.Title,
            [.. view.Columns.Select((c, i) => new XlsxColumn(TitleOf(c.Column), WidthOf(c.Column, i == 0), c.Column.IsNumber ? Align.End : Align.Start))]), ct);
        while (any)
        {
            await book.BeginRowAsync(ct);
            WriteRow(book, reading.Current);
            book.EndRow();
            any = await reading.MoveNextAsync();
        }
        await book.CompleteAsync(ct);
    }

    private void WriteRow(ICells cells, object?[] row)
    {
        foreach (var (column, at) in view.Columns) { column.WriteCell(cells, row, at, view.Format); }
    }

    /// <summary>In characters: room for a name, which may be in two languages.</summary>
    private static int WidthOf(ListColumn column, bool isFirst) => isFirst ? 44 : column.IsNumber ? 17 : column.Form is ValueForm.Text or ValueForm.Words or ValueForm.Record or ValueForm.Name ? 32 : 20;

    private string TitleOf(ListColumn column) => view.Text[column.TextKey];
}
