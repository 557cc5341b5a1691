using System.Net.Mail;

namespace Portal.Identity.Mail;

/// <summary>The section <c>Mail</c> of the settings. Without a host nothing is mailed, and administrators are given the links to hand over.</summary>
public sealed class MailOptions
{
    public string? Host { get; set; }

    /// <summary>587 with STARTTLS is the usual one for handing in mail.</summary>
    public int Port { get; set; } = 587;

    public string? User { get; set; }
    public string? Password { get; set; }

    /// <summary>The sender's address.</summary>
    public string? From { get; set; }
    public string FromName { get; set; } = "Portal";

    /// <summary>STARTTLS with a certificate that this machine trusts. Off only for a server on this machine or behind its own wall.</summary>
    public bool Tls { get; set; } = true;

    public bool IsConfigured => !string.IsNullOrEmpty(Host);

    internal IEnumerable<string> Problems()
    {
        if (!IsConfigured) { yield break; }
        if (!MailAddress.TryCreate(From, out _)) { yield return "Mail:From must be the sender's address."; }
        if (Port is < 1 or > 65535) { yield return "Mail:Port must be a port."; }
        if (!string.IsNullOrEmpty(User) && !Tls && Host is not ("localhost" or "127.0.0.1" or "::1")) { yield return "Mail:Tls must be on where a password is sent to another machine."; }
    }
}
