namespace Portal.Identity.Keys;

/// <summary>A key that signs tokens. Published from its making, signs from <see cref="ActiveFrom"/>, stays published for a while after its successor has begun.</summary>
public sealed class SigningKey
{
    /// <summary>JWK thumbprint (RFC 7638).</summary>
    public required string Kid { get; init; }
    public required string Algorithm { get; init; }

    /// <summary>1, 2, 3 ... for each algorithm. Unique, so that two nodes that start on an empty store agree on one key.</summary>
    public required int Sequence { get; init; }

    /// <summary>SubjectPublicKeyInfo.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>PKCS #8 under data protection.</summary>
    public required byte[] ProtectedPrivateKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ActiveFrom { get; init; }

    /// <summary>When an administrator took it out of use at once: it neither signs nor is it published or believed any more.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }
}
