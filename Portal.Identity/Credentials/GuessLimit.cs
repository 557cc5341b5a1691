using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Persistence;

namespace Portal.Identity.Credentials;

/// <summary>
/// Counts log-ins that were tried and did not succeed in the last minute, by address and by network, so that spraying many accounts from one place gets slow. The
/// log of events is the count, so all nodes share it. Browsers that an account knows are not counted by it: see <see cref="KnownBrowser"/>.
/// </summary>
internal sealed class GuessLimit(IdentityStoreContext db, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    public async Task<bool> IsExceededAsync(IPAddress? from, CancellationToken ct)
    {
        var (since, address) = (clock.GetUtcNow() - s_window, from?.ToString());
        var network = Networks.Of(address);
        var counts = await db.Events.Where(e => e.Network == network && e.At > since && (e.Kind == IdentityEventKind.LogInTried || e.Kind == IdentityEventKind.LoggedIn))
            .GroupBy(e => new { e.Kind, e.Address }).Select(g => new { g.Key.Kind, g.Key.Address, Count = g.Count() }).ToListAsync(ct);
        int Failures(bool own) => counts.Where(c => !own || c.Address == address).Sum(c => c.Kind is IdentityEventKind.LogInTried ? c.Count : -c.Count);
        return Failures(own: true) >= options.Value.FailuresPerAddressAndMinute || Failures(own: false) >= options.Value.FailuresPerNetworkAndMinute;
    }
}
