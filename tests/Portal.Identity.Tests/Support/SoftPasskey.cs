using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Identity.Tests.Support;

/// <summary>An authenticator without a screen: makes one ES256 passkey and signs with it, as WebAuthn Level 3 says, for the origin that it is told.</summary>
internal sealed class SoftPasskey : IDisposable
{
    private const byte Present = 0x01, Verified = 0x04, HasKey = 0x40;
    private readonly string _origin;
    private readonly string _domain;
    private readonly ECDsa _key;
    private readonly byte[] _id;
    private string _user = "";
    private uint _uses;

    public SoftPasskey(string origin, string domain) : this(origin, domain, ECDsa.Create(ECCurve.NamedCurves.nistP256), RandomNumberGenerator.GetBytes(32)) { }

    private SoftPasskey(string origin, string domain, ECDsa key, byte[] id) => (_origin, _domain, _key, _id) = (origin, domain, key, id);

    /// <summary>The same passkey, used on another site by a page that passes everything on.</summary>
    public SoftPasskey At(string origin) => new(origin, _domain, ECDsa.Create(_key.ExportParameters(true)), _id) { _user = _user, _uses = 100 };

    /// <param name="options">PublicKeyCredentialCreationOptionsJSON.</param>
    public string Create(string options)
    {
        var asked = JsonDocument.Parse(options).RootElement;
        _user = asked.GetProperty("user").GetProperty("id").GetString()!;
        var point = _key.ExportParameters(false).Q;
        // COSE_Key: kty EC2, alg ES256, crv P-256, x, y.
        byte[] cose = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. Head(Present | Verified | HasKey), .. new byte[16], 0, (byte)_id.Length, .. _id, .. cose];
        // {"fmt": "none", "attStmt": {}, "authData": bytes}
        byte[] attestation = [0xa3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xa0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return Answer(new JsonObject { ["clientDataJSON"] = Encode(Client("webauthn.create", asked)), ["attestationObject"] = Encode(attestation), ["transports"] = new JsonArray("internal") });
    }

    /// <param name="options">PublicKeyCredentialRequestOptionsJSON.</param>
    public string Get(string options)
    {
        var (client, data) = (Client("webauthn.get", JsonDocument.Parse(options).RootElement), Head(Present | Verified));
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new JsonObject { ["clientDataJSON"] = Encode(client), ["authenticatorData"] = Encode(data), ["signature"] = Encode(signature), ["userHandle"] = _user });
    }

    private byte[] Head(byte flags)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, ++_uses);
        return [.. SHA256.HashData(Encoding.ASCII.GetBytes(_domain)), flags, .. count];
    }

    private byte[] Client(string type, JsonElement asked) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = asked.GetProperty("challenge").GetString(), origin = _origin, crossOrigin = false });

    private string Answer(JsonObject response) => new JsonObject
    {
        ["id"] = Encode(_id), ["rawId"] = Encode(_id), ["type"] = "public-key", ["authenticatorAttachment"] = "platform", ["clientExtensionResults"] = new JsonObject(), ["response"] = response,
    }.ToJsonString();

    private static string Encode(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);

    public void Dispose() => _key.Dispose();
}
