using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Portal.Web.Documents;

/// <summary>
/// A page whose form brings a file. The form is read here, before the form's token is looked for: what is announced as too large is refused before a byte is
/// read, and a full disk or a broken upload gets its own answer instead of the one for a missing token.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TakesFileAttribute : Attribute, IAsyncAuthorizationFilter, IOrderedFilter
{
    /// <summary>Before the framework's antiforgery filter, which has 1000.</summary>
    public int Order => 900;

    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.HasFormContentType) { return; }
        var most = http.RequestServices.GetRequiredService<DocumentOptions>().MaxRequestBytes;
        if (http.Request.ContentLength > most)
        {
            context.Result = new StatusCodeResult(StatusCodes.Status413PayloadTooLarge);
            return;
        }
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) { size.MaxRequestBodySize = most; }
        http.Features.Set<IFormFeature>(new FormFeature(http.Request, new FormOptions { MultipartBodyLengthLimit = most, ValueCountLimit = 64 }));
        await http.Request.ReadFormAsync(http.RequestAborted);
    }
}
