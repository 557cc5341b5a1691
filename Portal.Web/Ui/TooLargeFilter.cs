using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Portal.Web.Ui;

/// <summary>A form that is too large cannot be read, so its token is not found either; the answer names the cause.</summary>
public sealed class TooLargeFilter : IAsyncAlwaysRunResultFilter
{
    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        if (context.Result is IAntiforgeryValidationFailedResult && await IsTooLargeAsync(context.HttpContext)) { context.Result = new StatusCodeResult(StatusCodes.Status413PayloadTooLarge); }
        await next();
    }

    private static async Task<bool> IsTooLargeAsync(HttpContext http)
    {
        if (http.Request.ContentLength is { } length && length > http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize) { return true; }
        if (!http.Request.HasFormContentType) { return false; }
        try
        {
            // What the reading ended with is kept: nothing is read a second time.
            await http.Request.ReadFormAsync(http.RequestAborted);
            return false;
        }
        catch (BadHttpRequestException refused)
        {
            return refused.StatusCode == StatusCodes.Status413PayloadTooLarge;
        }
        catch (InvalidDataException beyond)
        {
            // The reader of forms has one exception for all that it does not take; those about size speak of a limit.
            return beyond.Message.Contains(" limit ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
