using System.Net;
using System.Net.Sockets;

namespace Portal.Identity.Credentials;

/// <summary>Which network an address belongs to: what one attacker usually has at hand.</summary>
internal static class Networks
{
    /// <returns>An IPv4 /24 or an IPv6 /48, or null for what is no address.</returns>
    public static string? Of(string? address)
    {
        if (!IPAddress.TryParse(address, out var parsed)) { return null; }
        var plain = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        var (kept, length) = plain.AddressFamily is AddressFamily.InterNetworkV6 ? (6, 48) : (3, 24);
        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{length}";
    }

    /// <summary>One subscriber: an IPv4 address or an IPv6 /64, as written in the log of events.</summary>
    public static string? Subscriber(IPAddress? address)
    {
        if (address is null) { return null; }
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily is not AddressFamily.InterNetworkV6) { return plain.ToString(); }
        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
