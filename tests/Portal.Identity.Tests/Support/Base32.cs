namespace Portal.Identity.Tests.Support;

internal static class Base32
{
    /// <summary>The seed of an authenticator app, as a page shows it.</summary>
    public static byte[] Read(string shown)
    {
        var bits = string.Concat(shown.Replace(" ", "", StringComparison.Ordinal).Select(sign => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(sign, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(part => part.Length == 8).Select(part => Convert.ToByte(new string(part), 2))];
    }
}
