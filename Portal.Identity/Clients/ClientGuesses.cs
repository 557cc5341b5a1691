using System.Collections.Concurrent;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Persistence;

namespace Portal.Identity.Clients;

/// <summary>
/// Slows whoever guesses the secret of a client. Failures of the last minute are counted for the client and the address together, in the log of events, which all
/// nodes share: nobody locks a client out of its own address from elsewhere. A client that has just proven itself from there is not looked up again.
/// </summary>
internal sealed class ClientGuesses(IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1), s_trusted = TimeSpan.FromMinutes(1);
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<(string Client, string? Address), DateTimeOffset> _proven = new();

    public async ValueTask<bool> AreTooManyAsync(IdentityStoreContext db, string client, IPAddress? from, CancellationToken ct)
    {
        var (now, address) = (clock.GetUtcNow(), from?.ToString());
        if (_proven.TryGetValue((client, address), out var at) && (now - at).Duration() < s_trusted) { return false; }
        var (since, network) = (now - s_window, Credentials.Networks.Of(address));
        return await db.Events.CountAsync(e => e.Network == network && e.At > since && e.Kind == IdentityEventKind.ClientRefused && e.ClientId == client && e.Address == address, ct) >= options.Value.ClientFailuresPerAddressAndMinute;
    }

    public void Succeeded(string client, IPAddress? from)
    {
        var key = (client, from?.ToString());
        var now = clock.GetUtcNow();
        if (_proven.TryGetValue(key, out var at) && (now - at).Duration() < s_trusted) { return; }
        if (_proven.Count >= MostKept) { _proven.Clear(); }
        _proven[key] = now;
    }

    public async Task FailedAsync(IdentityStoreContext db, string client, IPAddress? from, CancellationToken ct)
    {
        _proven.TryRemove((client, from?.ToString()), out _);
        db.Events.Add(IdentityEvent.Of(IdentityEventKind.ClientRefused, clock.GetUtcNow(), client: client, address: from?.ToString()));
        await using var write = await db.BeginWriteAsync(ct);
        await db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
    }
}
