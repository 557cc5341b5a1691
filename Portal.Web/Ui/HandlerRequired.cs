using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Portal.Web.Ui;

/// <summary>
/// A request that no handler of the page takes (another verb, a handler that does not exist) is refused. The framework would show the page without having
/// asked any of its handlers.
/// </summary>
public sealed class HandlerRequired : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (context.HandlerMethod is not null) { return; }
        var method = context.HttpContext.Request.Method;
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
        {
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
            return;
        }
        var named = context.RouteData.Values.ContainsKey("handler") || context.HttpContext.Request.Query.ContainsKey("handler");
        if (named || context.ActionDescriptor.HandlerMethods.Any(h => HttpMethods.IsGet(h.HttpMethod))) { context.Result = new NotFoundResult(); }
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }
}
