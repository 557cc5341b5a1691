using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Portal.Web.Access;

/// <summary>
/// The schemes as they are registered, but that the answer of the provider is looked for at its address alone: each request would otherwise make the handler that reads it and ask whether it
/// has come.
/// </summary>
internal sealed class SignInSchemes(IOptions<AuthenticationOptions> options, IHttpContextAccessor http) : AuthenticationSchemeProvider(options)
{
    public override Task<IEnumerable<AuthenticationScheme>> GetRequestHandlerSchemesAsync() =>
        http.HttpContext?.Request.Path == PortalSignIn.CallbackPath ? base.GetRequestHandlerSchemesAsync() : Task.FromResult<IEnumerable<AuthenticationScheme>>([]);
}
