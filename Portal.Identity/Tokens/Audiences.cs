using Microsoft.Extensions.Options;
using Portal.Identity.Clients;

namespace Portal.Identity.Tokens;

/// <summary>Which of the granted scopes an access token carries, and for whom it is.</summary>
/// <param name="Scope">Asked for at this request; null for everything granted.</param>
/// <param name="Resource">The one API that the token shall be for (RFC 8707); null for all that the scopes reach.</param>
internal sealed record AudienceChoice(string? Scope, string? Resource)
{
    public static readonly AudienceChoice All = new(null, null);
}

/// <summary>From scopes to audiences: the provider itself for what is about the person, each API for its own.</summary>
internal sealed class Audiences(ClientDirectory directory, IOptions<PortalIdentityOptions> options)
{
    /// <param name="granted">Separated by spaces.</param>
    /// <param name="client">What it may no longer have is left out.</param>
    /// <returns>The scopes and audiences of a token, or the protocol's word for why there is none: <c>invalid_scope</c> or <c>invalid_target</c>.</returns>
    public async ValueTask<(string Scope, IReadOnlyList<string> Audiences, string? Error)> ResolveAsync(Client client, string granted, AudienceChoice choice, CancellationToken ct)
    {
        var scopes = granted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Intersect(client.Scopes).ToList();
        if (choice.Scope is { } asked)
        {
            var wanted = asked.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
            if (wanted.Count == 0 || wanted.Except(scopes).Any())
            {
                return ("", [], "invalid_scope");
            }
            scopes = wanted;
        }
        var apis = (await directory.ApisAsync(ct)).Scopes;
        var issuer = options.Value.Issuer;
        var reached = scopes.Select(scope => (Scope: scope, Audience: Scopes.All.Contains(scope) ? issuer : apis.GetValueOrDefault(scope)?.Audience)).Where(pair => pair.Audience is not null).ToList();
        if (choice.Resource is { } resource)
        {
            reached = [.. reached.Where(pair => pair.Audience == resource)];
            if (reached.Count == 0)
            {
                return ("", [], "invalid_target");
            }
        }
        return reached.Count == 0 ? ("", [], "invalid_scope") : (string.Join(' ', reached.Select(pair => pair.Scope)), [.. reached.Select(pair => pair.Audience!).Distinct()], null);
    }
}

/// <summary>Writes the tokens of one grant.</summary>
internal sealed class TokenWriter(TokenIssuer tokens, Audiences audiences, IOptions<PortalIdentityOptions> options)
{
    /// <returns>Null where the scopes of the grant have all been taken away from the client.</returns>
    public async Task<IssuedTokens?> WriteAsync(Client client, TokenGrant grant, AudienceChoice choice, string? refreshToken, string? methods, string? nonce, CancellationToken ct)
    {
        var (scope, audience, error) = await audiences.ResolveAsync(client, grant.Scope, choice, ct);
        if (error is not null)
        {
            return null;
        }
        var accessToken = await tokens.AccessTokenAsync(new(Accounts.Account.SubjectOf(grant.AccountId), client.ClientId, scope, audience, grant), ct);
        var idToken = await tokens.IdTokenAsync(client, grant, methods, nonce, accessToken, ct);
        return new(accessToken, idToken, refreshToken, scope, (int)options.Value.AccessTokenLifetime.TotalSeconds);
    }
}
