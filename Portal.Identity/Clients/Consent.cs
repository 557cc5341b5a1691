namespace Portal.Identity.Clients;

/// <summary>What one person has allowed one client that is not the house's own.</summary>
public sealed class Consent
{
    public required Guid AccountId { get; init; }
    public required string ClientId { get; init; }

    /// <summary>Separated by spaces. Grows when the person allows more; a refusal leaves it as it was.</summary>
    public required string Scope { get; set; }
    public required DateTimeOffset GivenAt { get; set; }

    internal bool Covers(string scope) => !scope.Split(' ').Except(Scope.Split(' ')).Any();
}
