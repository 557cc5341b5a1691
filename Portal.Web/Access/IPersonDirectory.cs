namespace Portal.Web.Access;

/// <summary>What signing in needs to know of a person record.</summary>
/// <param name="Language"><c>en</c> or <c>zh-Hans</c>.</param>
public sealed record SignedInPerson(long Id, string Language);

/// <summary>Finds who an identity is here. Issuer and subject together are the key; an e-mail address never is.</summary>
public interface IPersonDirectory
{
    /// <returns>The active person, or null: unknown and inactive are one answer.</returns>
    Task<SignedInPerson?> FindAsync(string issuer, string subject, CancellationToken ct);
}
