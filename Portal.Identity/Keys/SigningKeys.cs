using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Portal.Identity.Persistence;

namespace Portal.Identity.Keys;

/// <summary>The keys in use at one moment.</summary>
internal sealed class KeyRing(IReadOnlyDictionary<string, SigningCredentials> credentials, IReadOnlyList<SecurityKey> verificationKeys, byte[] document, DateTimeOffset loadedAt)
{
    public IReadOnlyList<SecurityKey> VerificationKeys => verificationKeys;

    /// <summary>The JWK set as sent to clients: public parts only.</summary>
    public byte[] Document => document;
    public DateTimeOffset LoadedAt => loadedAt;

    public SigningCredentials CredentialsFor(string algorithm) => credentials[algorithm];
}

/// <summary>
/// Makes, keeps and changes the signing keys: one pair for each algorithm, changed every 90 days, published 14 days before it signs and
/// 14 days after. Read anew every minute, so that all nodes follow a change, an emergency revocation too. A private key that cannot be read (lost data-protection ring) is replaced at once; its public part stays published.
/// </summary>
internal sealed partial class SigningKeys(IServiceScopeFactory scopes, IDataProtectionProvider protection, TimeProvider clock, ILogger<SigningKeys> log) : IDisposable
{
    public static readonly TimeSpan Rotation = TimeSpan.FromDays(90);
    public static readonly TimeSpan Propagation = TimeSpan.FromDays(14);
    public static readonly TimeSpan Retention = TimeSpan.FromDays(14);
    private static readonly TimeSpan s_reloadEvery = TimeSpan.FromMinutes(1);
    private static readonly string[] s_algorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256];

    private readonly IDataProtector _protector = protection.CreateProtector("Portal.Identity.SigningKey.v1");
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile KeyRing? _ring;

    public async ValueTask<KeyRing> RingAsync(CancellationToken ct)
    {
        var ring = _ring;
        if (ring is not null && (clock.GetUtcNow() - ring.LoadedAt).Duration() < s_reloadEvery)
        {
            return ring;
        }
        await _gate.WaitAsync(ct);
        try
        {
            ring = _ring;
            return ring is not null && (clock.GetUtcNow() - ring.LoadedAt).Duration() < s_reloadEvery ? ring : _ring = await LoadAsync(ct);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>The next question reads the keys anew.</summary>
    public void Forget() => _ring = null;

    /// <param name="usable">Of one algorithm, in order of their sequence: not revoked, private part readable.</param>
    internal static SigningKey? SigningAmong(IEnumerable<SigningKey> usable, DateTimeOffset now)
    {
        var keys = usable.ToList();
        return keys.LastOrDefault(key => key.ActiveFrom <= now) ?? keys.FirstOrDefault();
    }

    /// <param name="stored">All of its algorithm that are not revoked, in order of their sequence.</param>
    internal static bool IsRetired(SigningKey key, IEnumerable<SigningKey> stored, DateTimeOffset now) =>
        stored.FirstOrDefault(other => other.Sequence > key.Sequence) is { } successor && successor.ActiveFrom + Retention <= now;

    internal bool CanRead(SigningKey key) => Unprotect(key) is not null;

    private async Task<KeyRing> LoadAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var now = clock.GetUtcNow();
        var credentials = new Dictionary<string, SigningCredentials>();
        var verification = new List<SecurityKey>();
        var published = new JsonArray();
        foreach (var algorithm in s_algorithms)
        {
            var (stored, readable) = await EnsureAsync(db, algorithm, now, ct);
            var signing = SigningAmong(readable.Select(key => key.Stored), now)!;
            credentials[algorithm] = new SigningCredentials(Import(signing, readable.Single(key => key.Stored == signing).Private), algorithm);
            foreach (var key in stored.Where(key => !IsRetired(key, stored, now)))
            {
                var imported = Import(key, null);
                verification.Add(imported);
                published.Add(ToJwk(imported, algorithm));
            }
        }
        return new(credentials, verification, System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = published }.ToJsonString()), now);
    }

    private async Task<(List<SigningKey> Stored, List<(SigningKey Stored, byte[]? Private)> Readable)> EnsureAsync(IdentityStoreContext db, string algorithm, DateTimeOffset now, CancellationToken ct)
    {
        while (true)
        {
            var all = await db.SigningKeys.AsNoTracking().Where(key => key.Algorithm == algorithm).OrderBy(key => key.Sequence).ToListAsync(ct);
            var stored = all.Where(key => key.RevokedAt is null).ToList();
            var readable = stored.Select(key => (Stored: key, Private: Unprotect(key))).Where(key => key.Private is not null).ToList();
            var newest = stored.LastOrDefault();
            var activeFrom = readable.Count == 0 ? now
                : newest!.ActiveFrom + Rotation - Propagation <= now ? now + Propagation
                : (DateTimeOffset?)null;
            if (activeFrom is not { } from)
            {
                return (stored, readable);
            }
            var made = Make(algorithm, (all.LastOrDefault()?.Sequence ?? 0) + 1, now, from);
            db.SigningKeys.Add(made);
            try
            {
                await using var write = await db.BeginWriteAsync(ct);
                await db.SaveChangesAsync(ct);
                await write.CommitAsync(ct);
                LogMade(log, algorithm, made.Kid);
            }
            catch (DbUpdateException)
            {
                // Another node made this one first, and its key is read on the next turn; any other fault shows there too.
                if (!await db.SigningKeys.AsNoTracking().AnyAsync(key => key.Algorithm == algorithm && key.Sequence == made.Sequence, ct))
                {
                    throw;
                }
            }
            db.ChangeTracker.Clear();
        }
    }

    private SigningKey Make(string algorithm, int sequence, DateTimeOffset now, DateTimeOffset activeFrom)
    {
        using AsymmetricAlgorithm pair = algorithm == SecurityAlgorithms.EcdsaSha256 ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(3072);
        var publicKey = pair.ExportSubjectPublicKeyInfo();
        return new SigningKey
        {
            Kid = WebEncoders.Base64UrlEncode(ToSecurityKey(pair).ComputeJwkThumbprint()),
            Algorithm = algorithm,
            Sequence = sequence,
            PublicKey = publicKey,
            ProtectedPrivateKey = _protector.Protect(pair.ExportPkcs8PrivateKey()),
            CreatedAt = now,
            ActiveFrom = activeFrom,
        };
    }

    private byte[]? Unprotect(SigningKey key)
    {
        try
        {
            return _protector.Unprotect(key.ProtectedPrivateKey);
        }
        catch (CryptographicException)
        {
            LogUnreadable(log, key.Algorithm, key.Kid);
            return null;
        }
    }

    private static SecurityKey ToSecurityKey(AsymmetricAlgorithm pair) => pair switch
    {
        ECDsa ec => new ECDsaSecurityKey(ec),
        RSA rsa => new RsaSecurityKey(rsa),
        _ => throw new ArgumentOutOfRangeException(nameof(pair)),
    };

    // The pair lives as long as the ring that signs with it, so nobody disposes of it early.
    private static SecurityKey Import(SigningKey stored, byte[]? privateKey)
    {
        AsymmetricAlgorithm pair = stored.Algorithm == SecurityAlgorithms.EcdsaSha256 ? ECDsa.Create() : RSA.Create();
        if (privateKey is null)
        {
            pair.ImportSubjectPublicKeyInfo(stored.PublicKey, out _);
        }
        else
        {
            pair.ImportPkcs8PrivateKey(privateKey, out _);
        }
        var key = ToSecurityKey(pair);
        key.KeyId = stored.Kid;
        return key;
    }

    private static JsonObject ToJwk(SecurityKey key, string algorithm)
    {
        var jwk = new JsonObject { ["kid"] = key.KeyId, ["use"] = "sig", ["alg"] = algorithm };
        switch (key)
        {
            case ECDsaSecurityKey ec:
                var point = ec.ECDsa.ExportParameters(includePrivateParameters: false).Q;
                jwk["kty"] = "EC";
                jwk["crv"] = "P-256";
                jwk["x"] = WebEncoders.Base64UrlEncode(point.X!);
                jwk["y"] = WebEncoders.Base64UrlEncode(point.Y!);
                break;
            case RsaSecurityKey rsa:
                var numbers = rsa.Rsa.ExportParameters(includePrivateParameters: false);
                jwk["kty"] = "RSA";
                jwk["n"] = WebEncoders.Base64UrlEncode(numbers.Modulus!);
                jwk["e"] = WebEncoders.Base64UrlEncode(numbers.Exponent!);
                break;
        }
        return jwk;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made a signing key for {Algorithm}: {Kid}")]
    private static partial void LogMade(ILogger log, string algorithm, string kid);

    [LoggerMessage(Level = LogLevel.Error, Message = "The private part of the signing key {Kid} for {Algorithm} cannot be read: the data-protection keys that sealed it are missing")]
    private static partial void LogUnreadable(ILogger log, string algorithm, string kid);
}
