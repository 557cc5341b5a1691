namespace Portal.Identity.Federation;

/// <summary>Somebody whom a company's provider vouches for.</summary>
/// <param name="Subject">Of the account here.</param>
/// <param name="Owner">The company, as the host calls it.</param>
/// <param name="Functions">Words of the host, by the provider's mapping.</param>
/// <param name="Provider">Its name, for the record.</param>
public sealed record FederatedNewcomer(string Subject, string Owner, string Email, string Name, string Language, IReadOnlyList<string> Functions, string Provider);

/// <summary>What the host knows of the people behind accounts: which company they belong to. Identity knows no company.</summary>
public interface IFederatedPeople
{
    /// <summary>Costs the same for a subject that nobody has.</summary>
    /// <returns>The company of the person with this account; null: none, or nobody.</returns>
    ValueTask<string?> OwnerOfAsync(string subject, CancellationToken ct);

    /// <returns>The subjects of the company's people.</returns>
    ValueTask<IReadOnlyList<string>> SubjectsOfAsync(string owner, CancellationToken ct);

    /// <summary>Takes the person in, or brings the functions of one that is known to those given. Asked at each log-in of somebody who came by the provider alone.</summary>
    /// <returns>False where the host does not take this person.</returns>
    ValueTask<bool> AdmitAsync(FederatedNewcomer person, CancellationToken ct);
}

/// <summary>Where the host has no people, nobody belongs to a company and nobody is taken in.</summary>
internal sealed class NoPeople : IFederatedPeople
{
    public ValueTask<string?> OwnerOfAsync(string subject, CancellationToken ct) => ValueTask.FromResult<string?>(null);

    public ValueTask<IReadOnlyList<string>> SubjectsOfAsync(string owner, CancellationToken ct) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    public ValueTask<bool> AdmitAsync(FederatedNewcomer person, CancellationToken ct) => ValueTask.FromResult(false);
}

public enum FederationAct { Created, Changed, Deleted }

/// <summary>What was done to a company's provider.</summary>
/// <param name="Owner">The company, as the host calls it.</param>
/// <param name="Fields">What was there before and is there now, null for nothing. Secrets are named, never told.</param>
public sealed record FederationChange(string Owner, string Provider, FederationAct Act, IReadOnlyList<(string Field, string? Before, string? Now)> Fields);

/// <summary>The host's own record of changes, beside the identity log.</summary>
public interface IFederationTrail
{
    /// <summary>After the change holds.</summary>
    ValueTask NoteAsync(FederationChange change, CancellationToken ct);
}

internal sealed class NoTrail : IFederationTrail
{
    public ValueTask NoteAsync(FederationChange change, CancellationToken ct) => ValueTask.CompletedTask;
}
