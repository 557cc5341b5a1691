using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Ui;

/// <summary>
/// A page goes out at once and with its length, not in the portions in which the view writes it: one packet for the system instead of several, and a view that
/// fails leaves no half page behind. Files are streamed and never pass here.
/// </summary>
public sealed class WholePage : IAsyncAlwaysRunResultFilter
{
    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        if (context.Result is not (PageResult or PartialViewResult))
        {
            await next();
            return;
        }
        var response = context.HttpContext.Response;
        var body = response.Body;
        using var page = new PageBuffer();
        response.Body = page;
        try
        {
            await next();
        }
        finally
        {
            response.Body = body;
        }
        if (page.Length == 0 || response.HasStarted) { return; }
        if (await ListFrame.EndAsync(context.HttpContext, page.Written)) { return; }
        response.ContentLength = page.Length;
        await body.WriteAsync(page.Written, context.HttpContext.RequestAborted);
    }
}
