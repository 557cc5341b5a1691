using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Identity.Clients;
using Portal.Identity.Keys;

namespace Portal.Identity.Commands;

/// <summary><c>client add|list|rotate|disable|enable|check</c> and <c>client api</c>: the applications that log people in through the built-in provider.</summary>
public static class ClientCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The client id" };
    private static readonly Option<string?> Name = new("--name") { Description = "As people read it when they log in; the id where left out" };
    private static readonly Option<ClientKind> Kind = new("--kind") { Description = "confidential (runs on a server), public (runs in the browser) or native (runs on the person's machine)", DefaultValueFactory = _ => ClientKind.Confidential };
    private static readonly Option<string[]> Redirect = new("--redirect") { Description = "Where people come back to after the log-in" };
    private static readonly Option<string[]> PostLogout = new("--post-logout") { Description = "Where people may come back to after the log-out" };
    private static readonly Option<string[]> Origin = new("--origin") { Description = "Origin of a public client's pages, such as https://app.example" };
    private static readonly Option<string[]> Grant = new("--grant") { Description = $"One or more of {string.Join(", ", GrantTypes.All)}; authorization_code where left out" };
    private static readonly Option<string[]> Scope = new("--scope") { Description = "What it may ask for; openid, profile and email where left out" };
    private static readonly Option<string?> Keys = new("--keys") { Description = "File with a JWK set of public keys: it then proves itself by private_key_jwt" };
    private static readonly Option<bool> Foreign = new("--foreign") { Description = "Somebody else's application: people are asked before it learns anything" };
    private static readonly Option<bool> Pushed = new("--pushed") { Description = "Its requests must be pushed (PAR)" };
    private static readonly Option<string?> LogoutUri = new("--logout") { Description = "Where log-outs are told (back-channel)" };
    private static readonly Option<string?> Introspects = new("--introspects") { Description = "Audience of the API that this client is, whose tokens it may ask about" };
    private static readonly Option<int> Days = new("--overlap-days") { Description = "How many days the old secret still holds", DefaultValueFactory = _ => (int)ClientRegistry.Overlap.TotalDays };
    private static readonly Argument<string> Audience = new("audience") { Description = "The address that stands in the API's tokens" };
    private static readonly Option<string[]> ApiScope = new("--scope") { Description = "name=English title=中文标题; all scopes of the API must be given" };

    public static Command Make(CommandFrame frame)
    {
        var add = new Command("add", "Register a client; its secret is shown once") { Id, Name, Kind, Redirect, PostLogout, Origin, Grant, Scope, Keys, Foreign, Pushed, LogoutUri, Introspects };
        frame(add, AddAsync);
        var list = new Command("list", "Show the clients");
        frame(list, ListAsync);
        var rotate = new Command("rotate", "Make a new secret; the newest old one holds on for a while") { Id, Days };
        frame(rotate, async (run, ct) => Answer(run.Arguments.GetValue(Id)!, "has a new secret",
            await run.Get<ClientRegistry>().RotateSecretAsync(run.Arguments.GetValue(Id)!, TimeSpan.FromDays(Math.Clamp(run.Arguments.GetValue(Days), 0, 90)), ct)));
        var disable = new Command("disable", "Let a client get nothing more, and end what it has") { Id };
        frame(disable, (run, ct) => SetEnabledAsync(run, false, ct));
        var enable = new Command("enable", "Let a disabled client in again") { Id };
        frame(enable, (run, ct) => SetEnabledAsync(run, true, ct));
        var check = new Command("check", "Name what could be safer");
        frame(check, CheckAsync);
        var api = new Command("api", "Register an API with its scopes, or bring it to new values") { Audience, Name, ApiScope };
        frame(api, ApiAsync);
        return new Command("client", "Applications that log people in here, and programs that call APIs") { add, list, rotate, disable, enable, check, api };
    }

    private static async Task<CommandAnswer> AddAsync(CommandCall run, CancellationToken ct)
    {
        var asked = run.Arguments;
        var grants = asked.GetValue(Grant) is { Length: > 0 } given ? given : [GrantTypes.Code];
        var scopes = asked.GetValue(Scope) is { Length: > 0 } named ? named : grants.Contains(GrantTypes.Code) ? ["openid", "profile", "email"] : [];
        string? keys = null;
        if (asked.GetValue(Keys) is { } path)
        {
            if (!File.Exists(path)) { return CommandAnswer.Refused(new { file = path }, $"There is no file {path}."); }
            keys = await File.ReadAllTextAsync(path, ct);
        }
        var registry = run.Get<ClientRegistry>();
        await registry.StateMissingAsync(run.Get<IOptions<PortalIdentityOptions>>().Value.Resources, ct);
        return Answer(asked.GetValue(Id)!, "is registered", await registry.AddAsync(new ClientRegistration
        {
            ClientId = asked.GetValue(Id)!,
            Name = asked.GetValue(Name) ?? asked.GetValue(Id)!,
            Kind = asked.GetValue(Kind),
            RedirectUris = asked.GetValue(Redirect) ?? [],
            PostLogoutRedirectUris = asked.GetValue(PostLogout) ?? [],
            CorsOrigins = asked.GetValue(Origin) ?? [],
            GrantTypes = grants,
            Scopes = scopes,
            PublicKeys = keys,
            AsksConsent = asked.GetValue(Foreign),
            PushesRequests = asked.GetValue(Pushed),
            LogoutUri = asked.GetValue(LogoutUri),
            IntrospectedAudience = asked.GetValue(Introspects),
        }, ct));
    }

    private static async Task<CommandAnswer> ListAsync(CommandCall run, CancellationToken ct)
    {
        var clients = await run.Get<ClientRegistry>().ListAsync(ct);
        return CommandAnswer.Done(
            clients.Select(c => new { c.ClientId, c.Name, kind = c.Kind.ToString(), c.Enabled, c.GrantTypes, c.Scopes, c.RedirectUris, secrets = c.Secrets.Select(s => new { s.CreatedAt, s.ExpiresAt }), c.FromSettings }),
            [.. clients.Select(c => string.Create(CultureInfo.InvariantCulture,
                $"{c.ClientId}  {c.Kind}  {(c.Enabled ? "enabled" : "DISABLED")}  {string.Join(' ', c.GrantTypes)}  secrets until {(c.Secrets.Count == 0 ? "-" : string.Join(", ", c.Secrets.Select(s => s.ExpiresAt is { } end ? end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "changed in the settings")))}"))]);
    }

    private static async Task<CommandAnswer> SetEnabledAsync(CommandCall run, bool enabled, CancellationToken ct)
    {
        var id = run.Arguments.GetValue(Id)!;
        return Answer(id, enabled ? "is enabled" : "is disabled", await run.Get<ClientRegistry>().SetEnabledAsync(id, enabled, ct));
    }

    private static async Task<CommandAnswer> CheckAsync(CommandCall run, CancellationToken ct)
    {
        var risks = await run.Get<ProviderCheck>().RunAsync(ct);
        return CommandAnswer.Done(risks.Select(risk => new { risk.Code, risk.Subject, weight = risk.Weight.ToString(), text = risk.ToString() }), risks.Count == 0 ? ["Nothing to say."] : [.. risks.Select(risk => $"{risk.Weight}: {risk}")]);
    }

    private static async Task<CommandAnswer> ApiAsync(CommandCall run, CancellationToken ct)
    {
        var audience = run.Arguments.GetValue(Audience)!;
        var scopes = (run.Arguments.GetValue(ApiScope) ?? []).Select(text => text.Split('=', 3)).Select(parts => new ScopeRegistration(parts[0], parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "")).ToList();
        return Answer(audience, "is registered", await run.Get<ClientRegistry>().SetResourceAsync(new(audience, run.Arguments.GetValue(Name) ?? audience, scopes), fromSettings: false, ct));
    }

    private static CommandAnswer Answer(string id, string done, SettingResult result) => result.Succeeded
        ? CommandAnswer.Done(new { id, secret = result.Secret }, result.Secret is null ? [$"{id} {done}."] : [$"{id} {done}.", $"Secret, shown this once: {result.Secret}"])
        : CommandAnswer.Refused(new { id, problems = result.Problems.Select(problem => new { problem.Code, problem.Value, text = problem.ToString() }) }, [.. result.Problems.Select(problem => problem.ToString())]);
}

/// <summary><c>keys list|revoke</c>: the keys that sign tokens.</summary>
public static class KeysCommand
{
    private static readonly Argument<string> Kid = new("kid") { Description = "The id of the key" };

    public static Command Make(CommandFrame frame)
    {
        var list = new Command("list", "Show the keys and what each does");
        frame(list, async (run, ct) =>
        {
            var keys = await run.Get<SigningKeyLife>().ListAsync(ct);
            return CommandAnswer.Done(keys.Select(key => new { key.Kid, key.Algorithm, state = key.State.ToString(), key.CreatedAt, key.ActiveFrom, key.RevokedAt, key.IsReadable }),
                [.. keys.Select(key => string.Create(CultureInfo.InvariantCulture, $"{key.Kid}  {key.Algorithm}  {key.State}  from {key.ActiveFrom:yyyy-MM-dd}{(key.IsReadable ? "" : "  UNREADABLE")}"))]);
        });
        var revoke = new Command("revoke", "Take a key out of use at once: what it signed is no longer believed") { Kid };
        frame(revoke, async (run, ct) =>
        {
            var kid = run.Arguments.GetValue(Kid)!;
            return await run.Get<SigningKeyLife>().RevokeAsync(kid, ct)
                ? CommandAnswer.Done(new { kid }, [$"{kid} is revoked. Running nodes follow within a minute."])
                : CommandAnswer.Refused(new { kid }, [$"There is no live key {kid}."]);
        });
        return new Command("keys", "The keys that sign tokens") { list, revoke };
    }
}
