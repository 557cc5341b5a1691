using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Identity.Tests.Support;

/// <summary>Signed assertions of the test client <c>signer</c>, with everything right; a test changes what it is about.</summary>
internal static class Assertion
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly ECDsa s_key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The public half, as registered.</summary>
    public static string Keys { get; } = new JsonObject { ["keys"] = new JsonArray(Public()) }.ToJsonString();

    public static string Make(DateTimeOffset now, params (string Claim, JsonNode? Value)[] changes) => Make(now, ("ES256", "k1"), changes);

    public static string Make(DateTimeOffset now, (string Algorithm, string? Kid) header, params (string Claim, JsonNode? Value)[] changes)
    {
        var payload = new JsonObject
        {
            ["iss"] = "signer",
            ["sub"] = "signer",
            ["aud"] = ProviderHost.Issuer,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.ToUnixTimeSeconds() + 60,
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
        foreach (var (claim, value) in changes)
        {
            if (value is null)
            {
                payload.Remove(claim);
            }
            else
            {
                payload[claim] = value;
            }
        }
        return Jwt.Sign(new JsonObject { ["alg"] = header.Algorithm, ["kid"] = header.Kid }, payload, data => s_key.SignData(data, HashAlgorithmName.SHA256));
    }

    /// <summary>Both halves, for a program that signs by itself.</summary>
    public static JsonObject Private()
    {
        var whole = Public();
        whole["d"] = WebEncoders.Base64UrlEncode(s_key.ExportParameters(true).D!);
        return whole;
    }

    private static JsonObject Public()
    {
        var point = s_key.ExportParameters(false).Q;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = "k1", ["alg"] = "ES256", ["x"] = WebEncoders.Base64UrlEncode(point.X!), ["y"] = WebEncoders.Base64UrlEncode(point.Y!) };
    }
}
