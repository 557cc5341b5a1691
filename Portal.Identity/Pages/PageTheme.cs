using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Portal.Identity.Pages;

/// <summary>Light or dark, as the person chose at the host, or as the person's system has it.</summary>
internal sealed class PageTheme(IOptions<PortalIdentityOptions> options)
{
    private const string System = "system";

    /// <summary><c>light</c>, <c>dark</c> or <c>system</c>.</summary>
    public string Name { get; private set; } = System;

    /// <summary>For the browser's own controls, before any style sheet is there.</summary>
    public string Schemes => Name == System ? "light dark" : Name;

    public void Take(HttpContext http) => Name = http.Request.Cookies[(options.Value.IsHttps ? "__Host-" : "") + options.Value.ThemeCookie] is ("light" or "dark") and { } chosen ? chosen : System;
}
