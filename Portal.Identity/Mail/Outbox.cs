using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Portal.Identity.Persistence;

namespace Portal.Identity.Mail;

/// <summary>What waits in the outbox.</summary>
[JsonPolymorphic, JsonDerivedType(typeof(MailToSend), "mail"), JsonDerivedType(typeof(ResetWish), "reset"), JsonDerivedType(typeof(EmailToTell), "email")]
internal abstract record OutgoingWork;

internal sealed record MailToSend(Mail Mail) : OutgoingWork;

/// <summary>Somebody asked for a new password. Whether there is such an account is looked up later, so that the answer tells nothing, by words or by time.</summary>
internal sealed record ResetWish(string Email, string? Address, string? Device) : OutgoingWork;

/// <summary>The host is told the address that the account has by then, so that a message that comes late does no harm.</summary>
internal sealed record EmailToTell(string Subject) : OutgoingWork;

/// <summary>Writes what must be sent into the transaction of the change that it belongs to, and wakes the delivery.</summary>
public sealed class Outbox(IDataProtectionProvider protection, IOptions<MailOptions> mail, TimeProvider clock)
{
    private readonly IDataProtector _seal = protection.CreateProtector("Portal.Identity.Outbox.v1");
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Whether mails can be sent at all.</summary>
    public bool CanMail => mail.Value.IsConfigured;

    /// <summary>Before the first turn to write of a program that did not serve yet: the keys that seal messages are made at their first use, which takes a turn of its own.</summary>
    public void Prepare() => _seal.Protect([]);

    internal void Add(IdentityStoreContext db, OutgoingWork work)
    {
        var now = clock.GetUtcNow();
        var payload = WebEncoders.Base64UrlEncode(_seal.Protect(JsonSerializer.SerializeToUtf8Bytes(work)));
        db.Outbox.Add(new OutgoingMessage { Id = Guid.CreateVersion7(now), Payload = payload, At = now, NextAttemptAt = now });
    }

    internal OutgoingWork Open(string payload) => JsonSerializer.Deserialize<OutgoingWork>(_seal.Unprotect(WebEncoders.Base64UrlDecode(payload)))!;

    /// <summary>After the commit: delivery begins at once instead of at its next round.</summary>
    internal void Wake() => _news.Writer.TryWrite(true);

    /// <summary>Until there is news, or the time is over.</summary>
    internal async Task WaitAsync(TimeSpan atMost, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(atMost);
        try
        {
            await _news.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return;
        }
    }
}
