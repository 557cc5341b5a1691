using System.Net;
using System.Net.Sockets;

namespace Portal.Identity.Sessions;

/// <summary>The address leads into a network that is not public.</summary>
internal sealed class ForbiddenAddressException : Exception;

/// <summary>Connections to addresses that others entered: no redirects, no cookies, no proxy, and into no network that is not public unless the host named the receiver.</summary>
internal static class GuardedConnections
{
    /// <param name="mayBePrivate">Whether this host name may lead into a network of the house.</param>
    public static SocketsHttpHandler Handler(TimeSpan longest, Func<string, bool> mayBePrivate) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = longest,
        MaxResponseHeadersLength = 16,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, mayBePrivate, ct),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, Func<string, bool> mayBePrivate, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(to.Host, ct);
        // The very address that was judged is connected to: a name that answers differently the second time gains nothing.
        var open = mayBePrivate(to.Host) ? addresses : [.. addresses.Where(PublicAddress.Is)];
        if (open.Length == 0)
        {
            throw new ForbiddenAddressException();
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, to.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Which addresses belong to the public internet (IANA special-purpose registries).</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] s_special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "::/127", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    public static bool Is(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.TrueForAll(s_special, network => network.BaseAddress.AddressFamily != plain.AddressFamily || !network.Contains(plain));
    }
}
