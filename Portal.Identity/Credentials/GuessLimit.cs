using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Portal.Identity.Credentials;

/// <summary>Counts failed log-ins by network address (IPv6: by /64) in one-minute windows, so that spraying many accounts from one place gets slow.</summary>
internal sealed class GuessLimit(IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private const int PruneAbove = 10_000;
    private readonly ConcurrentDictionary<(string Network, long Minute), int> _failures = new();

    public bool IsExceeded(IPAddress? address) => _failures.GetValueOrDefault(KeyOf(address)) >= options.Value.FailuresPerAddressAndMinute;

    public void Count(IPAddress? address)
    {
        var key = KeyOf(address);
        _failures.AddOrUpdate(key, 1, (_, count) => count + 1);
        if (_failures.Count > PruneAbove)
        {
            foreach (var old in _failures.Keys.Where(other => other.Minute != key.Minute))
            {
                _failures.TryRemove(old, out _);
            }
        }
    }

    private (string Network, long Minute) KeyOf(IPAddress? address)
    {
        var network = address switch
        {
            null => "",
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
            _ => address.ToString(),
        };
        return (network, clock.GetUtcNow().ToUnixTimeSeconds() / 60);
    }
}
