using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;

namespace Portal.Identity.Mail;

/// <summary>One mail, ready to go: the same words plain and as HTML.</summary>
public sealed record Mail(string To, string Subject, string Text, string Html);

/// <summary>Hands mails to the server of the settings (RFC 5321, STARTTLS).</summary>
public sealed class SmtpPost(IOptions<MailOptions> options)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <param name="id">Becomes the Message-ID: a mail that is sent twice is one in most mailboxes.</param>
    /// <exception cref="SmtpException">The server is not there or does not take the mail.</exception>
    public async Task SendAsync(Mail mail, Guid id, CancellationToken ct)
    {
        var settings = options.Value;
        var from = new MailAddress(settings.From!, settings.FromName, Encoding.UTF8);
        using var message = new MailMessage(from, new MailAddress(mail.To)) { Subject = mail.Subject, SubjectEncoding = Encoding.UTF8 };
        message.Headers["Message-ID"] = $"<{id:N}@{from.Host}>";
        message.Headers["Auto-Submitted"] = "auto-generated";
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Text, Encoding.UTF8, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.Tls };
        if (!string.IsNullOrEmpty(settings.User)) { client.Credentials = new NetworkCredential(settings.User, settings.Password); }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(s_patience);
        try
        {
            await client.SendMailAsync(message, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new SmtpException(SmtpStatusCode.GeneralFailure, "The mail server did not answer in time.");
        }
    }
}
