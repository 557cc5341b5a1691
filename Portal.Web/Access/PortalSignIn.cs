using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Identity;
using Portal.Identity.Clients;

namespace Portal.Web.Access;

/// <summary>Logging in and out of the portal: an ordinary OpenID Connect client, whoever the provider is.</summary>
public static class PortalSignIn
{
    public const string Path = "/sign-in";
    public const string CallbackPath = "/sign-in/callback";
    public const string FailedPath = "/sign-in/failed";
    public const string SignOutPath = "/sign-out";
    public const string SignedOutPath = "/signed-out";
    public const string NoAccessPath = "/no-access";

    /// <summary>The scheme of the portal's own session.</summary>
    public const string SessionScheme = "portal";

    /// <summary>The scheme that asks the provider.</summary>
    public const string ProviderScheme = "provider";

    private const string ClientId = "portal";

    /// <summary>
    /// Settings: <c>Identity:Authority</c> (empty: the built-in provider), <c>Identity:ClientId</c> (default <c>portal</c>), <c>Identity:ClientSecret</c>
    /// (empty: public client with PKCE), <c>Identity:Scopes</c> (beside openid and profile), and those of <see cref="SignInAddresses"/>.
    /// </summary>
    public static IServiceCollection AddPortalSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => SignInAddresses.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<HintCookie>();
        services.AddSingleton<BackchannelLogout>();
        services.AddSingleton<StepUp>();
        services.AddSingleton<SessionRenewals>();
        services.AddDataProtection().SetApplicationName("Portal");

        services.AddHttpContextAccessor();
        services.AddSingleton<IAuthenticationSchemeProvider, SignInSchemes>();
        services.AddAuthentication(SessionScheme)
            .AddCookie(SessionScheme)
            .AddOAuth<SignInHandlerOptions, SignInHandler>(ProviderScheme, _ => { });
        services.AddOptions<CookieAuthenticationOptions>(SessionScheme).Configure<SignInAddresses, IOptions<PortalIdentityOptions>>(ConfigureSession);
        services.AddOptions<SignInHandlerOptions>(ProviderScheme).Configure<SignInAddresses, IServiceProvider>((options, addresses, provider) =>
            ConfigureProvider(options, addresses, provider, configuration));
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>, KeptTickets.SetUp>();
        services.AddSingleton<IPostConfigureOptions<SignInHandlerOptions>, ReadMetadataThroughBackchannel>();
        return services;
    }

    /// <summary>The portal's registration with the built-in provider: to be added to <see cref="PortalIdentityOptions.Clients"/>.</summary>
    public static ClientRegistration Registration(IConfiguration configuration)
    {
        var addresses = SignInAddresses.From(configuration);
        var secret = configuration["Identity:ClientSecret"];
        return new ClientRegistration
        {
            ClientId = configuration["Identity:ClientId"] ?? ClientId,
            Name = "Portal",
            Kind = string.IsNullOrEmpty(secret) ? ClientKind.Public : ClientKind.Confidential,
            Secrets = string.IsNullOrEmpty(secret) ? [] : [secret],
            RedirectUris = [addresses.RedirectUri],
            PostLogoutRedirectUris = [addresses.PostLogoutRedirectUri],
            IdTokenAlgorithm = "ES256",
        };
    }

    /// <summary>Maps the way in; the pages beside it (log-out, logged out, no access, failed) are Razor Pages of the area Access.</summary>
    public static void MapPortalSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, BeginAsync).AllowAnonymous().ExcludeFromDescription();
        if (!app.ServiceProvider.GetRequiredService<SignInAddresses>().IsBuiltIn)
        {
            app.MapPost(BackchannelLogout.Path, (HttpContext http, BackchannelLogout logout) => logout.HandleAsync(http)).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        }
    }

    /// <summary>
    /// After authentication and before authorization: whoever is not logged in is sent to log in; whoever is but has no active person record meets the page that says whom to ask.
    /// Later middleware finds the person among the features of the request.
    /// </summary>
    public static IApplicationBuilder UsePortalPeople(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.User.Identity is { IsAuthenticated: true })
        {
            if (await FindPersonAsync(http) is { } person)
            {
                http.Features.Set(person);
            }
            else if (AsksForLogIn(http))
            {
                Refuse(http, NoAccessPath, StatusCodes.Status403Forbidden);
                return;
            }
        }
        // The policies would say the same, after more work than the rest of the request is.
        else if (AsksForLogIn(http))
        {
            await http.ChallengeAsync();
            return;
        }
        await next(http);
    });

    private static bool AsksForLogIn(HttpContext http) => http.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null;

    internal static Task<SignedInPerson?> FindPersonAsync(HttpContext http) =>
        http.User.FindFirst(PortalClaims.Issuer)?.Value is { } issuer && http.User.FindFirst(PortalClaims.Subject)?.Value is { } subject
            ? http.RequestServices.GetRequiredService<IPersonDirectory>().FindAsync(issuer, subject, http.RequestAborted)
            : Task.FromResult<SignedInPerson?>(null);

    /// <param name="again">Whoever is logged in proves it once more: see <see cref="StepUp"/>.</param>
    private static async Task BeginAsync(HttpContext http, string? returnUrl, bool? again, SignInAddresses addresses, StepUp stepUp)
    {
        var target = LocalPath.OrHome(returnUrl);
        if (!string.Equals($"{http.Request.Scheme}://{http.Request.Host}", addresses.PublicUrl, StringComparison.OrdinalIgnoreCase) && http.Request.Query["canonical"].Count == 0)
        {
            // The provider answers to the public address only, and the cookie that expects the answer must be there.
            SeeOther(http, QueryHelpers.AddQueryString(addresses.PublicUrl + Path, new Dictionary<string, string?> { ["returnUrl"] = target, ["again"] = again == true ? "true" : null, ["canonical"] = "1" }));
            return;
        }
        var properties = new AuthenticationProperties { RedirectUri = target };
        if (http.User.Identity is { IsAuthenticated: true })
        {
            if (again != true)
            {
                SeeOther(http, target);
                return;
            }
            properties.Items[SignInHandler.ProofItem] = ((long)stepUp.Holds.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
        await http.ChallengeAsync(ProviderScheme, properties);
    }

    private static void ConfigureSession(CookieAuthenticationOptions session, SignInAddresses addresses, IOptions<PortalIdentityOptions> identity)
    {
        session.Cookie.Name = addresses.IsHttps ? "__Host-portal-session" : "portal-session";
        session.Cookie.Path = "/";
        session.Cookie.HttpOnly = true;
        session.Cookie.SameSite = SameSiteMode.Lax;
        session.Cookie.SecurePolicy = addresses.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        session.ExpireTimeSpan = identity.Value.SessionAbsoluteLimit;
        session.SlidingExpiration = false;
        session.Events.OnRedirectToLogin = context =>
        {
            var asked = context.Request.PathBase + context.Request.Path + context.Request.QueryString;
            var again = HttpMethods.IsGet(context.Request.Method) && LocalPath.IsSafe(asked) && asked != "/" ? QueryString.Create("returnUrl", asked).Value : "";
            Refuse(context.HttpContext, Path + again, StatusCodes.Status401Unauthorized);
            return Task.CompletedTask;
        };
        session.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
        session.Events.OnSigningIn = PortalSession.BeginAsync;
        session.Events.OnValidatePrincipal = PortalSession.ValidateAsync;
    }

    private static void ConfigureProvider(SignInHandlerOptions options, SignInAddresses addresses, IServiceProvider provider, IConfiguration configuration)
    {
        options.SignInScheme = SessionScheme;
        options.Addresses = addresses;
        options.ClientId = configuration["Identity:ClientId"] ?? ClientId;
        options.ClientSecret = configuration["Identity:ClientSecret"] ?? "";
        options.CallbackPath = CallbackPath;
        options.RemoteAuthenticationTimeout = TimeSpan.FromHours(1);
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);
        options.Scope.Add("openid");
        options.Scope.Add("profile");
        foreach (var more in (configuration["Identity:Scopes"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)) { options.Scope.Add(more); }
        options.CorrelationCookie.Name = addresses.IsHttps ? "__Secure-portal-sign-in." : "portal-sign-in.";
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.CorrelationCookie.SecurePolicy = addresses.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        if (addresses.IsBuiltIn)
        {
            options.BackchannelHttpHandler = new InProcessBackchannel(provider, addresses.Authority);
        }
        options.Events.OnTicketReceived = async context =>
        {
            var http = context.HttpContext;
            await PortalSession.EndPreviousAsync(http);
            http.User = context.Principal!;
            if (context.Properties?.Items.TryGetValue(SignInHandler.IdTokenItem, out var idToken) == true)
            {
                http.RequestServices.GetRequiredService<HintCookie>().Write(http, idToken!);
            }
            if (ProviderAnswer.Of(http) is { } said && http.RequestServices.GetService<RoleMapping>() is { } roles)
            {
                await roles.ApplyAsync(http.User.FindFirst(PortalClaims.Issuer)!.Value, http.User.FindFirst(PortalClaims.Subject)!.Value, said.Claims, http.RequestAborted);
            }
            var person = await FindPersonAsync(http);
            var language = person?.Language ?? context.Principal!.FindFirst(PortalClaims.Language)?.Value;
            if (Ui.Language.Find(language) is { } known)
            {
                Ui.Language.Keep(http, known);
            }
            context.ReturnUri = person is null ? NoAccessPath : LocalPath.OrHome(context.ReturnUri);
            // The cookie holds claims and times, nothing of the way in.
            context.Properties = new AuthenticationProperties();
        };
        options.Events.OnRemoteFailure = context =>
        {
            context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PortalSignIn)).LogWarning(context.Failure, "A log-in failed");
            SeeOther(context.HttpContext, FailedPath);
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    /// <summary>A page is led on; a part of a page or a program is told.</summary>
    private static void Refuse(HttpContext http, string path, int status)
    {
        if (http.Request.Path.StartsWithSegments("/api"))
        {
            http.Response.StatusCode = status;
        }
        else if (http.Request.Headers.ContainsKey("HX-Request"))
        {
            http.Response.StatusCode = status;
            http.Response.Headers["HX-Redirect"] = path;
        }
        else
        {
            SeeOther(http, path);
        }
    }

    private static void SeeOther(HttpContext http, string location)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = location;
        http.Response.Headers.CacheControl = "no-store";
    }

    private sealed class ReadMetadataThroughBackchannel : IPostConfigureOptions<SignInHandlerOptions>
    {
        // Runs after the framework's own step, which makes the backchannel.
        public void PostConfigure(string? name, SignInHandlerOptions options)
        {
            if (name == ProviderScheme)
            {
                options.Provider = new ProviderMetadata(options.Addresses.Authority, options.Backchannel);
            }
        }
    }
}

/// <summary>Keeps the id token where only the log-out page sees it, so that every other request stays small.</summary>
public sealed class HintCookie(IDataProtectionProvider protection, SignInAddresses addresses)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Portal.Web.SignOutHint.v1");

    private string Name => addresses.IsHttps ? "__Secure-portal-sign-out" : "portal-sign-out";

    public void Write(HttpContext http, string idToken)
    {
        // A provider may send one that no cookie holds; then log-out asks the person instead.
        if (_protector.Protect(idToken) is { Length: < 3800 } value)
        {
            http.Response.Cookies.Append(Name, value, Options());
        }
    }

    public string? Read(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[Name] is { Length: > 0 } value ? _protector.Unprotect(value) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, Options());

    private CookieOptions Options() => new() { HttpOnly = true, Secure = addresses.IsHttps, SameSite = SameSiteMode.Lax, Path = PortalSignIn.SignOutPath, IsEssential = true };
}
