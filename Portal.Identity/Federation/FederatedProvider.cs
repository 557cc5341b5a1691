using System.Globalization;
using System.Net.Mail;

namespace Portal.Identity.Federation;

/// <summary>
/// The OpenID Connect provider of a company whose people come in here. What it says of somebody holds for that company's people only, and for addresses of its
/// own domains only. Rules: docs/decisions/federation.md.
/// </summary>
public sealed class FederatedProvider
{
    public const string DefaultClaim = "groups";
    public const string DefaultScope = "openid profile email";

    public required Guid Id { get; init; }

    /// <summary>The company, by whatever name the host gives it: it means nothing here.</summary>
    public required string Owner { get; init; }

    /// <summary>As people read it on the log-in page.</summary>
    public required string Name { get; set; }

    /// <summary>As the provider writes itself, byte for byte. It never changes: the subjects of the links are this issuer's.</summary>
    public required string Issuer { get; init; }
    public required string ClientId { get; set; }

    /// <summary>Null for a provider that knows us as a public client.</summary>
    public string? SealedSecret { get; set; }

    /// <summary>What is asked for, separated by spaces.</summary>
    public string Scope { get; set; } = DefaultScope;

    /// <summary>Switched off, it logs nobody in and keeps nobody from logging in otherwise.</summary>
    public bool Enabled { get; set; }

    /// <summary>Whether people whom nobody invited get an account at their first log-in.</summary>
    public bool Admits { get; set; }

    /// <summary>Whether the company's people log in here and in no other way, but for <see cref="EmergencyAccountId"/>.</summary>
    public bool Forced { get; set; }

    /// <summary>Every address that it gives out is verified although it does not say so; one that it calls unverified stays unverified.</summary>
    public bool VouchesForEmails { get; set; }

    /// <summary>The claim whose values <see cref="Functions"/> maps.</summary>
    public string FunctionsClaim { get; set; } = DefaultClaim;

    /// <summary>Logs in with password and second factor although <see cref="Forced"/> is set: for the day on which the provider does not work.</summary>
    public Guid? EmergencyAccountId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last log-in that succeeded; null: it is untried.</summary>
    public DateTimeOffset? LastLogInAt { get; private set; }

    public List<FederatedDomain> Domains { get; } = [];

    /// <summary>Whether the domain was shown to be the company's.</summary>
    public bool Owns(string domain) => Domains.Exists(d => d.IsConfirmed && d.Domain == domain);

    public List<FederatedFunction> Functions { get; } = [];

    /// <param name="values">Of <see cref="FunctionsClaim"/>.</param>
    /// <returns>Words of the host, each once; empty where nothing fits.</returns>
    public IReadOnlyList<string> FunctionsOf(IReadOnlyCollection<string> values) =>
        [.. Functions.Where(f => f.Value.Length == 0 || values.Contains(f.Value)).Select(f => f.Function).Distinct().Order(StringComparer.Ordinal)];
}

public enum DomainProof
{
    /// <summary>None yet: no address of the domain counts.</summary>
    Awaited,

    /// <summary>By a record that only the owner of the domain can set.</summary>
    Record,

    /// <summary>By the word of somebody of the house.</summary>
    Statement,
}

/// <summary>A domain of the company. The provider may speak for its addresses once it is shown to be the company's.</summary>
public sealed class FederatedDomain
{
    /// <summary>Lower case, in ASCII. One domain has one provider.</summary>
    public required string Domain { get; init; }
    public required Guid ProviderId { get; init; }

    /// <summary>When it was shown to be the company's; when it was added, while that is awaited.</summary>
    public required DateTimeOffset ConfirmedAt { get; set; }
    public DomainProof Proof { get; set; }

    /// <summary>Who asked for the proof, or states it.</summary>
    public required string ConfirmedBy { get; set; }

    /// <summary>How it was found out; empty where the record shows it.</summary>
    public string Evidence { get; set; } = "";

    /// <summary>When the record was last found.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>Since when the record that was the proof is gone. The domain still counts: a person decides.</summary>
    public DateTimeOffset? MissingSince { get; set; }

    public bool IsConfirmed => Proof is not DomainProof.Awaited;

    /// <summary>The text record that the owner of the domain sets at the domain itself. It says nothing secret: being able to set it is the proof.</summary>
    public string Record => DomainRecords.TextOf(ProviderId, Domain);
}

/// <summary>A function of the host that a value of the provider's claim brings.</summary>
public sealed class FederatedFunction
{
    public required Guid ProviderId { get; init; }

    /// <summary>Empty: everybody has it.</summary>
    public required string Value { get; init; }

    /// <summary>A word of the host.</summary>
    public required string Function { get; init; }
}

/// <summary>Somebody at a provider, and the account that this is here. Subject and provider are the key; an e-mail address never is.</summary>
public sealed class FederatedLink
{
    public required Guid ProviderId { get; init; }
    public required string Subject { get; init; }
    public required Guid AccountId { get; init; }

    /// <summary>Whether the account was made at the first log-in: its functions then follow the provider's claim.</summary>
    public required bool MadeAccount { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; private set; }
}

/// <summary>A log-in that is on its way to a provider: one answer, from that provider, to the browser that began it, within ten minutes.</summary>
public sealed class FederationAttempt
{
    /// <summary>SHA-256 of the state.</summary>
    public required string StateHash { get; init; }
    public required Guid ProviderId { get; init; }
    public required string BrowserHash { get; init; }

    /// <summary>What the answer is checked against and where the way leads on, sealed.</summary>
    public required string SealedContent { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The part of an e-mail address that says whose it is.</summary>
internal static class EmailDomain
{
    private static readonly IdnMapping s_names = new();

    /// <returns>Lower case, in ASCII; null for what is no address.</returns>
    public static string? Of(string? email) =>
        email is { Length: > 0 and <= 254 } && MailAddress.TryCreate(email, out var address) && address.Address == email ? Normalize(address.Host) : null;

    /// <returns>Null for what is no domain of at least two parts.</returns>
    public static string? Normalize(string domain)
    {
        try
        {
            var ascii = s_names.GetAscii(domain.Trim().TrimEnd('.')).ToLowerInvariant();
            return ascii.Length <= 253 && ascii.Contains('.', StringComparison.Ordinal) && ascii.Split('.').All(IsLabel) && !ascii.Split('.')[^1].All(char.IsAsciiDigit) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && label[0] != '-' && label[^1] != '-';
}
