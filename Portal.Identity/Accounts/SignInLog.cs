using Microsoft.EntityFrameworkCore;
using Portal.Identity.Persistence;

namespace Portal.Identity.Accounts;

/// <param name="Device">Browser and system in words; null where none is known.</param>
public sealed record SignInLogLine(DateTimeOffset At, IdentityEventKind Kind, string? Device, string? Address);

/// <summary>What happened to an account of this store: for its owner and for administrators.</summary>
public sealed class SignInLog(IdentityStoreContext db)
{
    /// <summary>How long a log-in may take from its password to its session.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    /// <summary>The latest first. A log-in that succeeded stands once, without the try that led to it.</summary>
    public async Task<IReadOnlyList<SignInLogLine>> ReadAsync(string subject, int most, CancellationToken ct)
    {
        if (!Guid.TryParseExact(subject, "N", out var id)) { return []; }
        var lines = await db.Events.AsNoTracking().Where(e => e.AccountId == id).OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(2 * most)
            .Select(e => new SignInLogLine(e.At, e.Kind, e.Device, e.Address)).ToListAsync(ct);
        List<SignInLogLine> told = [];
        // Log-ins by passkey or by a company's provider have no try of the account: an older, wrong password is not theirs.
        List<DateTimeOffset> entered = [];
        foreach (var line in lines)
        {
            entered.RemoveAll(at => at - line.At > s_patience);
            if (line.Kind is IdentityEventKind.LoggedIn) { entered.Add(line.At); }
            if (line.Kind is IdentityEventKind.LogInTried && entered.Count > 0)
            {
                entered.RemoveAt(entered.Count - 1);
                continue;
            }
            told.Add(line);
        }
        return [.. told.Take(most)];
    }
}
