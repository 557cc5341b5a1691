using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Identity.Tests.Support;

/// <summary>Reads and forges tokens without the library under test.</summary>
internal static class Jwt
{
    public static JsonElement Header(string token) => Part(token, 0);

    public static JsonElement Payload(string token) => Part(token, 1);

    public static string HalfHash(string token) => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, 16));

    /// <summary>The token with one claim changed and its old signature.</summary>
    public static string Alter(string token, string claim, JsonNode? value)
    {
        var parts = token.Split('.');
        var payload = JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[1]))!;
        payload[claim] = value;
        return $"{parts[0]}.{Encode(payload)}.{parts[2]}";
    }

    public static string Sign(JsonObject header, JsonNode payload, Func<byte[], byte[]> sign)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{WebEncoders.Base64UrlEncode(sign(Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>Every way to pass off a changed token as one of the holder of <paramref name="published"/>.</summary>
    public static IEnumerable<(string How, string Token)> Forgeries(string token, JsonElement published)
    {
        var header = JsonNode.Parse(Header(token).GetRawText())!.AsObject();
        var payload = JsonNode.Parse(Payload(token).GetRawText())!;
        var kid = published.GetProperty("kid").GetString();
        JsonObject With(params (string, JsonNode?)[] changes)
        {
            var copy = header.DeepClone().AsObject();
            foreach (var (name, value) in changes)
            {
                copy[name] = value;
            }
            return copy;
        }

        foreach (var none in new[] { "none", "None", "NONE", "" })
        {
            yield return ($"alg {none}", Sign(With(("alg", none)), payload, _ => []));
        }
        yield return ("signature cut off", token[..(token.LastIndexOf('.') + 1)]);
        foreach (var secret in new[] { published.GetRawText(), published.GetProperty("x").GetString()!, "", "secret", kid! })
        {
            yield return ("HS256 with what is published", Sign(With(("alg", "HS256")), payload, data => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), data)));
        }
        var point = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = WebEncoders.Base64UrlDecode(published.GetProperty("x").GetString()!), Y = WebEncoders.Base64UrlDecode(published.GetProperty("y").GetString()!) } };
        using var theirs = ECDsa.Create(point);
        var pem = Encoding.ASCII.GetBytes(theirs.ExportSubjectPublicKeyInfoPem());
        yield return ("HS256 with the public key as PEM", Sign(With(("alg", "HS256")), payload, data => HMACSHA256.HashData(pem, data)));

        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] Own(byte[] data) => own.SignData(data, HashAlgorithmName.SHA256);
        var mine = own.ExportParameters(false).Q;
        var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = WebEncoders.Base64UrlEncode(mine.X!), ["y"] = WebEncoders.Base64UrlEncode(mine.Y!), ["kid"] = kid };
        yield return ("another key under the same id", Sign(header, payload, Own));
        yield return ("another key in the header", Sign(With(("jwk", jwk.DeepClone())), payload, Own));
        yield return ("an address of another key", Sign(With(("jku", "https://evil.example/jwks")), payload, Own));
        yield return ("an address of a certificate", Sign(With(("x5u", "https://evil.example/cert")), payload, Own));
        yield return ("a key id that is a path", Sign(With(("kid", "../../../dev/null")), payload, Own));
        yield return ("no key id", Sign(With(("kid", null)), payload, Own));
        yield return ("null header", $".{token.Split('.')[1]}.{token.Split('.')[2]}");
        yield return ("empty signature of the right algorithm", Sign(header, payload, _ => new byte[64]));
        yield return ("five parts", token + ".x.y");
        yield return ("oversize", Sign(With(("pad", new string('x', 40_000))), payload, Own));
        yield return ("not a token", "x");
    }

    private static JsonElement Part(string token, int index) => JsonDocument.Parse(WebEncoders.Base64UrlDecode(token.Split('.')[index])).RootElement;

    private static string Encode(JsonNode node) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(node.ToJsonString()));
}
