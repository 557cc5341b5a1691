using System.Data.Common;
using System.Net.Mail;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;

namespace Portal.Identity.Mail;

/// <summary>
/// Delivers the outbox: at once where something was just written, else every few seconds. A message is taken by moving its next attempt, so that of several nodes one
/// has it; whoever dies with it gives it back after the lease. What fails is tried again, later each time, for about two days. The same rounds tell the host which views
/// are over.
/// </summary>
internal sealed partial class OutboxDelivery(IServiceScopeFactory scopes, Outbox outbox, SmtpPost post, Sessions.HostSessions sessions, TimeProvider clock, ILogger<OutboxDelivery> log) : BackgroundService
{
    private const int AtOnce = 20;
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan[] s_pauses =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await outbox.WaitAsync(s_round, stoppingToken);
            try
            {
                while (await DeliverAsync(stoppingToken) == AtOnce) { LogMore(log); }
                await sessions.TellEndedViewsAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is DbException or DbUpdateException)
            {
                LogStore(log, fault);
            }
        }
    }

    /// <returns>How many were tried.</returns>
    internal async Task<int> DeliverAsync(CancellationToken ct)
    {
        List<OutgoingMessage> due;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
            var now = clock.GetUtcNow();
            due = await db.Outbox.AsNoTracking().Where(m => m.State == DeliveryState.Waiting && m.NextAttemptAt <= now).OrderBy(m => m.NextAttemptAt).Take(AtOnce).ToListAsync(ct);
        }
        foreach (var message in due)
        {
            await using var scope = scopes.CreateAsyncScope();
            await TryAsync(scope.ServiceProvider, message, ct);
        }
        return due.Count;
    }

    private async Task TryAsync(IServiceProvider services, OutgoingMessage message, CancellationToken ct)
    {
        var db = services.GetRequiredService<IdentityStoreContext>();
        var lease = clock.GetUtcNow() + s_lease;
        await using (var write = await db.BeginWriteAsync(ct))
        {
            var taken = await db.Outbox.Where(m => m.Id == message.Id && m.State == DeliveryState.Waiting && m.NextAttemptAt == message.NextAttemptAt)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.NextAttemptAt, lease).SetProperty(m => m.Attempts, m => m.Attempts + 1), ct);
            await write.CommitAsync(ct);
            if (taken == 0) { return; }
        }
        try
        {
            await WorkAsync(services, message, ct);
            await EndAsync(db, message.Id, DeliveryState.Delivered, null, ct);
        }
        catch (Exception fault) when (fault is SmtpException or IOException or InvalidOperationException or CryptographicException or FormatException)
        {
            // What the server says may name addresses; its code does not.
            var words = fault is SmtpException smtp ? $"{smtp.StatusCode} {fault.InnerException?.GetType().Name}".Trim() : fault.GetType().Name;
            var isLost = message.Attempts >= s_pauses.Length || fault is CryptographicException or FormatException || fault is SmtpFailedRecipientException { StatusCode: SmtpStatusCode.MailboxUnavailable };
            LogFailed(log, message.Id, message.Attempts + 1, words);
            if (isLost) { await EndAsync(db, message.Id, DeliveryState.GivenUp, words, ct); }
            else { await PostponeAsync(db, message.Id, clock.GetUtcNow() + s_pauses[message.Attempts], words, ct); }
        }
    }

    private async Task WorkAsync(IServiceProvider services, OutgoingMessage message, CancellationToken ct)
    {
        switch (outbox.Open(message.Payload))
        {
            case MailToSend work: await post.SendAsync(work.Mail, message.Id, ct); break;
            case ResetWish wish: await services.GetRequiredService<AccountLife>().GrantResetAsync(wish, ct); break;
            case EmailToTell work: await services.GetRequiredService<AccountLife>().TellEmailAsync(services, work, ct); break;
        }
    }

    private async Task EndAsync(IdentityStoreContext db, Guid id, DeliveryState state, string? error, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var write = await db.BeginWriteAsync(ct);
        await db.Outbox.Where(m => m.Id == id).ExecuteUpdateAsync(set => set.SetProperty(m => m.State, state).SetProperty(m => m.EndedAt, now).SetProperty(m => m.LastError, error).SetProperty(m => m.Payload, ""), ct);
        await write.CommitAsync(ct);
    }

    private static async Task PostponeAsync(IdentityStoreContext db, Guid id, DateTimeOffset until, string error, CancellationToken ct)
    {
        await using var write = await db.BeginWriteAsync(ct);
        await db.Outbox.Where(m => m.Id == id).ExecuteUpdateAsync(set => set.SetProperty(m => m.NextAttemptAt, until).SetProperty(m => m.LastError, error), ct);
        await write.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "More messages wait in the outbox")]
    private static partial void LogMore(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Id} could not be delivered at attempt {Attempt}: {Words}")]
    private static partial void LogFailed(ILogger log, Guid id, int attempt, string words);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox could not be read; the next round follows")]
    private static partial void LogStore(ILogger log, Exception fault);
}
