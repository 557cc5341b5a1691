namespace Portal.Identity.Tokens;

/// <summary>
/// What one redeemed code brought into the world: access tokens and, where the client may have them, a family of refresh tokens.
/// Every token names its grant; a revoked grant makes them all useless here.
/// </summary>
public sealed class TokenGrant
{
    public required Guid Id { get; init; }
    public required string CodeHash { get; init; }
    public required string ClientId { get; init; }
    public required Guid AccountId { get; init; }
    public required string SessionId { get; init; }
    public required string Scope { get; init; }

    /// <summary>The account's stamp at the time; a password change makes it differ. Null for a grant of an earlier version, which lives with its session.</summary>
    public string? SecurityStamp { get; init; }

    /// <summary>When the person proved who they are: <c>auth_time</c> of every id token of the family.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; private set; }

    internal bool IsOffline => SecurityStamp is not null && Scope.Split(' ').Contains(Scopes.OfflineAccess);
}

/// <summary>One of the successive refresh tokens of a grant. Of the handle only the hash is kept.</summary>
public sealed class RefreshToken
{
    public required string Hash { get; init; }
    public required Guid GrantId { get; init; }
    public required string ClientId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ConsumedAt { get; private set; }

    /// <summary>The handle that took its place, under data protection: for a client whose answer got lost.</summary>
    public string? SealedSuccessor { get; private set; }
    public string? SuccessorHash { get; private set; }
}

/// <summary>An access token that was revoked by itself, for as long as it would have lived.</summary>
public sealed class RevokedToken
{
    public required string TokenId { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A client's assertion that was used, for as long as it would be believed again.</summary>
public sealed class UsedAssertion
{
    /// <summary>SHA-256 over client and jti.</summary>
    public required string Hash { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>An authorization request that a client left here before the browser came (RFC 9126).</summary>
public sealed class PushedRequest
{
    /// <summary>SHA-256 of the handle in the request_uri.</summary>
    public required string Hash { get; init; }
    public required string ClientId { get; init; }

    /// <summary>The parameters, as a JSON object of strings.</summary>
    public required string Parameters { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it brought a code; looking at the pages does not use it up.</summary>
    public DateTimeOffset? UsedAt { get; private set; }
}
