using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Portal.Identity.Persistence;

namespace Portal.Identity.Federation;

/// <summary>What a pending save changes of a provider, its domains and functions, for the host's record.</summary>
internal static class FederationFields
{
    private static readonly HashSet<string> s_provider =
    [
        nameof(FederatedProvider.Name), nameof(FederatedProvider.Issuer), nameof(FederatedProvider.ClientId), nameof(FederatedProvider.Scope), nameof(FederatedProvider.FunctionsClaim), nameof(FederatedProvider.Enabled),
        nameof(FederatedProvider.Admits), nameof(FederatedProvider.Forced), nameof(FederatedProvider.VouchesForEmails), nameof(FederatedProvider.EmergencyAccountId),
    ];

    public static IReadOnlyList<(string Field, string? Before, string? Now)> Of(IdentityStoreContext db)
    {
        var fields = new List<(string, string?, string?)>();
        foreach (var entry in db.ChangeTracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
        {
            switch (entry.Entity)
            {
                case FederatedProvider:
                    foreach (var property in entry.Properties.Where(p => s_provider.Contains(p.Metadata.Name)))
                    {
                        Note(property.Metadata.Name, entry, Word(property.OriginalValue), Word(property.CurrentValue));
                    }
                    var secret = entry.Property(nameof(FederatedProvider.SealedSecret));
                    if (entry.State is EntityState.Modified && secret.IsModified) { fields.Add(("ClientSecret", null, secret.CurrentValue is null ? "taken away" : "replaced")); }
                    break;
                case FederatedDomain domain:
                    Note($"Domain {domain.Domain}", entry, Basis(entry.OriginalValues), Basis(entry.CurrentValues));
                    break;
                case FederatedFunction function:
                    Note($"Function for {(function.Value.Length == 0 ? "*" : function.Value)}", entry, function.Function, function.Function);
                    break;
            }
        }
        return fields;

        void Note(string field, EntityEntry entry, string? before, string? now)
        {
            var (was, becomes) = (entry.State is EntityState.Added ? null : before, entry.State is EntityState.Deleted ? null : now);
            if (was != becomes) { fields.Add((field, was, becomes)); }
        }
    }

    private static string Basis(PropertyValues values) => (DomainProof)values[nameof(FederatedDomain.Proof)]! switch
    {
        DomainProof.Awaited => "waits for its record",
        DomainProof.Record => values[nameof(FederatedDomain.MissingSince)] is null ? "by its record" : "by its record, which is gone",
        _ => $"stated by {values[nameof(FederatedDomain.ConfirmedBy)]}: {values[nameof(FederatedDomain.Evidence)]}",
    };

    private static string? Word(object? value) => value switch
    {
        null => null,
        Guid id => id.ToString("N"),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
