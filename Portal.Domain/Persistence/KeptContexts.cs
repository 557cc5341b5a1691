#pragma warning disable EF1001 // Resetting a context and leasing it again is what Entity Framework's own pool does; its pool cannot tell askers apart.
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Internal;
using Portal.Domain.Access;

namespace Portal.Domain.Persistence;

/// <summary>
/// Contexts that only read, kept for their asker's next question: making a context's parts costs as much as half the questions of a page. A context goes back to the very scope
/// that it was made for and to no other, so that whoever still held it would see what the asker sees. A changed right is another scope, whose contexts are new.
/// </summary>
internal sealed class KeptContexts
{
    /// <summary>A context at rest holds about 40 KB.</summary>
    private const int Places = 64;

    /// <summary>More than one person has under way at once.</summary>
    private const int PlacesForOne = 8;

    private readonly PortalDbContext?[] _kept = new PortalDbContext?[Places];

    /// <summary>Notes the first state of a context that shall come back.</summary>
    public static PortalDbContext Begin(PortalDbContext context)
    {
        ((IDbContextPoolable)context).SnapshotConfiguration();
        return context;
    }

    /// <returns>A context made for this scope, as new; null where none is kept.</returns>
    public PortalDbContext? Take(AccessScope scope)
    {
        for (var i = 0; i < PlacesForOne; i++)
        {
            ref var place = ref PlaceOf(scope, i);
            if (Volatile.Read(ref place) is not { } kept || !ReferenceEquals(kept.Scope, scope) || Interlocked.CompareExchange(ref place, null, kept) != kept) { continue; }
            ((IDbContextPoolable)kept).SetLease(DbContextLease.InactiveLease);
            return kept;
        }
        return null;
    }

    /// <summary>Puts a context back into its first state and keeps it in place of somebody's older one where none is free.</summary>
    public void Keep(PortalDbContext context)
    {
        ((IResettableService)context).ResetState();
        for (var i = 0; i < PlacesForOne; i++)
        {
            if (Interlocked.CompareExchange(ref PlaceOf(context.Scope, i), context, null) is null) { return; }
        }
        Interlocked.Exchange(ref PlaceOf(context.Scope, 0), context);
    }

    private ref PortalDbContext? PlaceOf(AccessScope scope, int nth) => ref _kept[((uint)RuntimeHelpers.GetHashCode(scope) + (uint)nth) % Places];
}
