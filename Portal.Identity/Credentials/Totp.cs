using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Identity.Credentials;

/// <summary>Codes of authenticator apps: six digits, 30 seconds, HMAC-SHA-1, the one set that every app knows (RFC 6238; RFC 4226).</summary>
internal static class Totp
{
    private const int SecretBytes = 20;
    private const int StepSeconds = 30;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>One step early and one late are taken too, for clocks that differ.</summary>
    /// <returns>The step whose code it is, when that is after <paramref name="after"/>; otherwise null.</returns>
    public static long? StepOf(byte[] secret, string typed, DateTimeOffset now, long after)
    {
        var digits = new string([.. typed.Where(char.IsAsciiDigit)]);
        if (digits.Length != 6 || typed.Any(c => !char.IsAsciiDigit(c) && c is not (' ' or '-'))) { return null; }
        var current = now.ToUnixTimeSeconds() / StepSeconds;
        long? found = null;
        foreach (var step in new[] { current - 1, current, current + 1 })
        {
            var fits = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeAt(secret, step)), Encoding.ASCII.GetBytes(digits));
            if (fits && step > after) { found = step; }
        }
        return found;
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238 with SHA-1 is what authenticator apps compute; as an HMAC it stands.")]
    public static string CodeAt(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, mac);
        var offset = mac[^1] & 0xf;
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[offset..]) & 0x7fffffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    public static string ToBase32(byte[] secret)
    {
        var text = new StringBuilder();
        var (buffer, bits) = (0, 0);
        foreach (var one in secret)
        {
            (buffer, bits) = ((buffer << 8) | one, bits + 8);
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Base32[(buffer >> bits) & 31]);
            }
        }
        return bits > 0 ? text.Append(Base32[(buffer << (5 - bits)) & 31]).ToString() : text.ToString();
    }

    /// <summary>What the QR code says (Key URI format).</summary>
    public static string Uri(string product, string email, byte[] secret) =>
        $"otpauth://totp/{System.Uri.EscapeDataString(product)}:{System.Uri.EscapeDataString(email)}?secret={ToBase32(secret)}&issuer={System.Uri.EscapeDataString(product)}&digits=6&period=30";
}
