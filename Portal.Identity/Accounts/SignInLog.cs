using Microsoft.EntityFrameworkCore;
using Portal.Identity.Persistence;

namespace Portal.Identity.Accounts;

/// <param name="Device">Browser and system in words; null where none is known.</param>
public sealed record SignInLogLine(DateTimeOffset At, IdentityEventKind Kind, string? Device, string? Address);

/// <summary>What happened to an account of this store: for its owner and for administrators.</summary>
public sealed class SignInLog(IdentityStoreContext db)
{
    /// <summary>The latest first. A log-in that succeeded stands once, without the try that led to it.</summary>
    public async Task<IReadOnlyList<SignInLogLine>> ReadAsync(string subject, int most, CancellationToken ct)
    {
        if (!Guid.TryParseExact(subject, "N", out var id)) { return []; }
        var lines = await db.Events.AsNoTracking().Where(e => e.AccountId == id).OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(2 * most)
            .Select(e => new SignInLogLine(e.At, e.Kind, e.Device, e.Address)).ToListAsync(ct);
        List<SignInLogLine> told = [];
        var entered = 0;
        foreach (var line in lines)
        {
            if (line.Kind is IdentityEventKind.LoggedIn) { entered++; }
            if (line.Kind is IdentityEventKind.LogInTried && entered > 0) { entered--; continue; }
            told.Add(line);
        }
        return [.. told.Take(most)];
    }
}
