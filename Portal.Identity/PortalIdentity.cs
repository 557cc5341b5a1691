using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Credentials;
using Portal.Identity.Endpoints;
using Portal.Identity.Federation;
using Portal.Identity.Keys;
using Portal.Identity.Mail;
using Portal.Identity.Pages;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;
using Portal.Identity.Tokens;

namespace Portal.Identity;

/// <summary>How a host takes the provider in: <c>AddPortalIdentity</c>, <c>MapPortalIdentity</c>, nothing else.</summary>
public static class PortalIdentity
{
    /// <summary>OWASP's figure for PBKDF2 with SHA-512.</summary>
    private const int HashIterations = 210_000;

    /// <summary>Also keeps the host's data-protection keys in the identity store, so that all nodes on one database share them.</summary>
    public static IServiceCollection AddPortalIdentity(this IServiceCollection services, Action<PortalIdentityOptions> configure)
    {
        services.AddOptions<PortalIdentityOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PortalIdentityOptions>, Validation>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddLocalization();
        services.AddSingleton<IStringLocalizer<IdentityText>, IdentityWords>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<PortalIdentityOptions>>().Value.EnterWrite is { } enter
            ? new WriteGate(ct => enter(provider, ct))
            : WriteGate.Open);
        services.AddDbContext<IdentityStoreContext>((provider, builder) => provider.GetRequiredService<IOptions<PortalIdentityOptions>>().Value.Database!(provider, builder));

        services.AddIdentityCore<Account>(identity =>
        {
            identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
            identity.User.RequireUniqueEmail = true;
            identity.User.AllowedUserNameCharacters = "";
            identity.Password = new PasswordOptions
            {
                RequiredLength = 1,
                RequireDigit = false,
                RequireLowercase = false,
                RequireUppercase = false,
                RequireNonAlphanumeric = false,
            };
            identity.Lockout.MaxFailedAccessAttempts = 10;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        }).AddPasswordValidator<PasswordRule>().AddEntityFrameworkStores<IdentityStoreContext>();
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = HashIterations);

        services.AddDataProtection().SetApplicationName("Portal");
        services.AddSingleton<DataProtectionKeys>();
        services.AddOptions<KeyManagementOptions>().Configure<DataProtectionKeys>((keys, repository) =>
        {
            keys.XmlRepository = repository;
            // The repository seals whole elements, so the ring itself adds nothing.
            keys.XmlEncryptor = new NullXmlEncryptor();
        });

        services.AddSingleton<SigningKeys>();
        services.AddSingleton(provider => new SigningKeyLife(provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<SigningKeys>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<TokenReader>();
        services.AddSingleton<RevokedTokenQuery>();
        services.AddSingleton<HashTurns>();
        services.AddSingleton<ClientGuesses>();
        services.AddSingleton<ClientDirectory>();
        services.AddSingleton<Audiences>();
        services.AddSingleton<TokenWriter>();
        services.AddSingleton<WebOrigins>();
        services.AddScoped(provider => new ClientRegistry(
            provider.GetRequiredService<IdentityStoreContext>(), provider.GetRequiredService<ClientDirectory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<ProviderCheck>();
        services.AddScoped<ClientProof>();
        services.AddScoped<LiveGrants>();
        services.AddScoped<LiveTokens>();
        services.AddScoped(provider => new AccessTokens(
            provider.GetRequiredService<IdentityStoreContext>(), provider.GetRequiredService<TokenReader>(), provider.GetRequiredService<LiveTokens>(), provider.GetRequiredService<ClientDirectory>(),
            provider.GetRequiredService<IOptions<PortalIdentityOptions>>().Value.StoreIsSharedBy(provider)));
        services.AddScoped<RefreshExchange>();
        services.AddScoped<RevocationEndpoint>();
        services.AddScoped<PushedRequests>();
        services.AddScoped<Consents>();
        services.AddScoped<IntrospectionEndpoint>();
        services.AddSingleton<ProviderCookies>();
        services.AddSingleton<Interactions>();
        services.AddScoped<GuessLimit>();
        services.AddSingleton<DiscoveryEndpoints>();
        services.AddSingleton(provider =>
        {
            using var scope = provider.CreateScope();
            return new DecoyHash(scope.ServiceProvider.GetRequiredService<IPasswordHasher<Account>>());
        });
        services.AddSingleton<SessionVersion>();
        services.AddSingleton<HostSessions>();
        services.AddScoped<SessionList>();
        services.AddScoped<SignInLog>();
        services.AddOptions<MailOptions>().BindConfiguration("Mail").Validate(mail => !mail.Problems().Any(), "The section Mail of the settings is not complete: Mail:From must be an address, and Mail:Tls on where a password is sent to another machine.").ValidateOnStart();
        services.AddSingleton<SmtpPost>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<ObviousPasswords>();
        services.AddScoped<MailWriter>();
        services.AddScoped<AccountLife>();
        services.AddScoped<SecondFactor>();
        services.AddScoped<Passkeys>();
        services.AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<PortalIdentityOptions>>((passkeys, identity) => Passkeys.Configure(passkeys, identity.Value));
        services.TryAddScoped<IFederatedPeople, NoPeople>();
        services.TryAddScoped<IFederationTrail, NoTrail>();
        services.AddSingleton<DomainRecords>();
        services.AddScoped<DomainChecks>();
        services.AddSingleton<FederationDirectory>();
        services.AddSingleton<FederationChannel>();
        services.AddSingleton<FederationDocuments>();
        services.AddSingleton<FederatedTokens>();
        services.AddSingleton<FederationSeals>();
        services.AddScoped(provider => new HomeRule(provider.GetRequiredService<FederationDirectory>(), provider.GetRequiredService<IFederatedPeople>()));
        services.AddScoped<FederatedAsking>();
        services.AddScoped<FederatedAccounts>();
        services.AddScoped<FederationEndpoints>();
        services.AddScoped(provider => new FederationRegistry(
            provider.GetRequiredService<IdentityStoreContext>(), provider.GetRequiredService<FederationDirectory>(), provider.GetRequiredService<FederationDocuments>(), provider.GetRequiredService<FederationChannel>(),
            provider.GetRequiredService<FederationSeals>(), provider.GetRequiredService<DomainRecords>(), provider.GetRequiredService<IFederatedPeople>(), provider.GetRequiredService<IFederationTrail>(), provider.GetRequiredService<AccountLife>(),
            provider.GetRequiredService<IOptions<PortalIdentityOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<FormRenderer>();
        services.AddScoped<LogInEndpoints>();
        services.AddScoped<AccountEndpoints>();
        services.AddScoped<Accounts.Accounts>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<Sessions.Sessions>();
        services.AddScoped<CodeExchange>();
        services.AddScoped<PageTheme>();
        services.AddScoped<PageRenderer>();
        services.AddScoped<AuthorizeEndpoints>();
        services.AddScoped<TokenEndpoint>();
        services.AddScoped<UserInfoEndpoint>();
        services.AddScoped<EndSessionEndpoints>();
        services.AddSingleton<IdentityStart>();
        services.AddHostedService(provider => provider.GetRequiredService<IdentityStart>());
        services.AddHostedService<Housekeeping>();
        services.AddSingleton<LogoutChannel>();
        services.AddSingleton<LogoutNotices>();
        services.AddHostedService(provider => provider.GetRequiredService<LogoutNotices>());
        services.AddHostedService<SessionUses>();
        services.AddSingleton<OutboxDelivery>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxDelivery>());
        return services;
    }

    /// <summary>For a host that knows its tables to be current before it starts: reads the keys and states the clients now instead of in its turn.</summary>
    /// <exception cref="MasterKeyException">This node's master key is not the one of the database.</exception>
    public static Task PreparePortalIdentityAsync(this IServiceProvider services, CancellationToken ct) => services.GetRequiredService<IdentityStart>().PrepareAsync(ct);

    /// <summary>Maps the protocol endpoints and pages under the issuer's path. All of them are open to anybody: they are how one becomes somebody.</summary>
    public static IEndpointConventionBuilder MapPortalIdentity(this IEndpointRouteBuilder app)
    {
        var issuer = app.ServiceProvider.GetRequiredService<IOptions<PortalIdentityOptions>>().Value;
        var all = app.MapGroup("").AllowAnonymous().WithGroupName("identity").ExcludeFromDescription();
        string[] read = [HttpMethods.Get, HttpMethods.Head];
        string[] both = [HttpMethods.Get, HttpMethods.Post];
        string[] post = [HttpMethods.Post];
        string[] get = [HttpMethods.Get];

        // The same for everybody, and asked for often: nothing between routing and the answer looks at who asks.
        var services = app.ServiceProvider;
        var open = new Lazy<DiscoveryEndpoints>(services.GetRequiredService<DiscoveryEndpoints>);
        all.MapMethods(issuer.PathBase + Routes.Metadata, read, (RequestDelegate)(http => open.Value.MetadataAsync(http))).ShortCircuit();
        all.MapMethods(issuer.PathBase + Routes.OAuthMetadata, read, (RequestDelegate)(http => open.Value.MetadataAsync(http))).ShortCircuit();
        if (issuer.PathBase.Length > 0)
        {
            // RFC 8414, 3.1, puts the well-known part before the issuer's path.
            all.MapMethods(Routes.OAuthMetadata + issuer.PathBase, read, (RequestDelegate)(http => open.Value.MetadataAsync(http))).ShortCircuit();
        }
        all.MapMethods(issuer.PathBase + Routes.Jwks, read, (RequestDelegate)(http => open.Value.JwksAsync(http))).ShortCircuit();
        all.MapMethods(issuer.PathBase + Routes.Authorize, both, (HttpContext http, AuthorizeEndpoints e) => e.AuthorizeAsync(http));
        all.MapMethods(issuer.PathBase + Routes.LogIn, get, (HttpContext http, AuthorizeEndpoints e) => e.LogInFormAsync(http));
        all.MapMethods(issuer.PathBase + Routes.LogIn, post, (HttpContext http, AuthorizeEndpoints e) => e.LogInAsync(http));
        all.MapMethods(issuer.PathBase + Routes.Consent, get, (HttpContext http, AuthorizeEndpoints e) => e.ConsentFormAsync(http));
        all.MapMethods(issuer.PathBase + Routes.Consent, post, (HttpContext http, AuthorizeEndpoints e) => e.ConsentAsync(http));
        all.MapMethods(issuer.PathBase + Routes.PushedRequests, post, (HttpContext http, PushedRequests e) => e.PushAsync(http));
        all.MapMethods(issuer.PathBase + Routes.Token, post, (HttpContext http, TokenEndpoint e) => e.HandleAsync(http));
        all.MapMethods(issuer.PathBase + Routes.Revocation, post, (HttpContext http, RevocationEndpoint e) => e.HandleAsync(http));
        all.MapMethods(issuer.PathBase + Routes.Introspection, post, (HttpContext http, IntrospectionEndpoint e) => e.HandleAsync(http));
        all.MapMethods(issuer.PathBase + Routes.UserInfo, both, (HttpContext http, UserInfoEndpoint e) => e.HandleAsync(http));
        all.MapMethods(issuer.PathBase + Routes.EndSession, both, (HttpContext http, EndSessionEndpoints e) => e.HandleAsync(http));
        all.MapMethods(issuer.PathBase + Routes.EndSessionAnswer, post, (HttpContext http, EndSessionEndpoints e) => e.AnswerAsync(http));
        Preflight(Routes.Token, post);
        Preflight(Routes.Revocation, post);
        Preflight(Routes.UserInfo, both);
        RefuseOthers(Routes.Introspection, post);
        RefuseOthers(Routes.PushedRequests, post);
        foreach (var (route, methods, answer) in AccountRoutes())
        {
            all.MapMethods(issuer.PathBase + route, [methods], answer);
        }
        foreach (var route in AccountRoutes().GroupBy(r => r.Route))
        {
            RefuseOthers(route.Key, [.. route.Select(r => r.Method)]);
        }
        RefuseOthers(Routes.EndSessionAnswer, post);
        foreach (var route in new[] { Routes.Authorize, Routes.EndSession, Routes.LogIn, Routes.Consent })
        {
            RefuseOthers(route, both);
        }
        return all;

        // Endpoints that web pages of other origins may call.
        void Preflight(string route, string[] allowed)
        {
            all.MapMethods(issuer.PathBase + route, [HttpMethods.Options], (HttpContext http, WebOrigins origins) => origins.PreflightAsync(http, string.Join(", ", allowed)));
            RefuseOthers(route, [.. allowed, HttpMethods.Options]);
        }

        // Said here, for the host's own answer to a wrong method may ask for a log-in first.
        void RefuseOthers(string route, string[] allowed) => all.MapMethods(issuer.PathBase + route, s_methods.Except(allowed), (HttpContext http) =>
        {
            http.Response.Headers.Allow = string.Join(", ", allowed);
            return Results.StatusCode(StatusCodes.Status405MethodNotAllowed);
        });
    }

    private static IEnumerable<(string Route, string Method, Delegate Answer)> AccountRoutes() =>
    [
        (Routes.SecondFactor, HttpMethods.Post, (HttpContext http, LogInEndpoints e) => e.SecondAsync(http)),
        (Routes.Enrol, HttpMethods.Post, (HttpContext http, LogInEndpoints e) => e.EnrolAsync(http)),
        (Routes.PasskeyLogIn, HttpMethods.Get, (HttpContext http, LogInEndpoints e) => e.PasskeyFormAsync(http)),
        (Routes.PasskeyLogIn, HttpMethods.Post, (HttpContext http, LogInEndpoints e) => e.PasskeyAsync(http)),
        (Routes.PasskeyScript, HttpMethods.Get, PasskeyScript.Answer),
        (Routes.FederationStart, HttpMethods.Get, (HttpContext http, FederationEndpoints e) => e.StartAsync(http)),
        (Routes.FederationCallback, HttpMethods.Get, (HttpContext http, string provider, FederationEndpoints e) => e.CallbackAsync(http, provider)),
        (Routes.FederationLogout, HttpMethods.Post, (HttpContext http, string provider, FederationEndpoints e) => e.LogoutAsync(http, provider)),
        (Routes.Forgot, HttpMethods.Get, (HttpContext http, AccountEndpoints e) => e.ForgotForm(http)),
        (Routes.Forgot, HttpMethods.Post, (HttpContext http, AccountEndpoints e) => e.ForgotAsync(http)),
        (Routes.Reset, HttpMethods.Get, (HttpContext http, AccountEndpoints e) => e.ResetFormAsync(http)),
        (Routes.Reset, HttpMethods.Post, (HttpContext http, AccountEndpoints e) => e.ResetAsync(http)),
        (Routes.Invitation, HttpMethods.Get, (HttpContext http, AccountEndpoints e) => e.InvitationFormAsync(http)),
        (Routes.Invitation, HttpMethods.Post, (HttpContext http, AccountEndpoints e) => e.InvitationAsync(http)),
        (Routes.Email, HttpMethods.Get, (HttpContext http, AccountEndpoints e) => e.EmailLinkFormAsync(http)),
        (Routes.Email, HttpMethods.Post, (HttpContext http, AccountEndpoints e) => e.EmailLinkAsync(http)),
        (Routes.Account, HttpMethods.Get, (HttpContext http, AccountEndpoints e) => e.OverviewAsync(http)),
        (Routes.AccountPassword, HttpMethods.Get, (HttpContext http, AccountEndpoints e) => e.PasswordFormAsync(http)),
        (Routes.AccountPassword, HttpMethods.Post, (HttpContext http, AccountEndpoints e) => e.PasswordAsync(http)),
        (Routes.AccountEmail, HttpMethods.Get, (HttpContext http, AccountEndpoints e) => e.EmailFormAsync(http)),
        (Routes.AccountEmail, HttpMethods.Post, (HttpContext http, AccountEndpoints e) => e.EmailAsync(http)),
        (Routes.Authenticator, HttpMethods.Get, (HttpContext http, AccountEndpoints e) => e.AuthenticatorFormAsync(http)),
        (Routes.Authenticator, HttpMethods.Post, (HttpContext http, AccountEndpoints e) => e.AuthenticatorAsync(http)),
        (Routes.AuthenticatorRemoval, HttpMethods.Post, (HttpContext http, AccountEndpoints e) => e.RemoveAuthenticatorAsync(http)),
        (Routes.RecoveryCodes, HttpMethods.Post, (HttpContext http, AccountEndpoints e) => e.RenewCodesAsync(http)),
        (Routes.AccountPasskeys, HttpMethods.Get, (HttpContext http, AccountEndpoints e) => e.PasskeyFormAsync(http)),
        (Routes.AccountPasskeys, HttpMethods.Post, (HttpContext http, AccountEndpoints e) => e.AddPasskeyAsync(http)),
        (Routes.PasskeyRemoval, HttpMethods.Post, (HttpContext http, AccountEndpoints e) => e.RemovePasskeyAsync(http)),
    ];

    private static readonly string[] s_methods =
    [
        HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete, HttpMethods.Options, HttpMethods.Trace,
    ];

    private sealed class Validation : IValidateOptions<PortalIdentityOptions>
    {
        public ValidateOptionsResult Validate(string? name, PortalIdentityOptions options) =>
            options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
