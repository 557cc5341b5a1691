#pragma warning disable RS0030 // The one place that reaches past the scope: it keeps copies of names in step with their source, whoever renamed it.
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Sales;

namespace Portal.Domain.Persistence;

/// <summary>Keeps stored copies equal to their source, also on records that the renaming person does not see. Changes nothing else and returns nothing.</summary>
internal static class Upkeep
{
    public static async Task KeepNamesAsync(PortalDbContext db, CancellationToken ct)
    {
        foreach (var entry in db.ChangeTracker.Entries<Company>().Where(e => e.State is EntityState.Modified && e.Property(c => c.Name).IsModified).ToArray())
        {
            var (id, name) = (entry.Entity.Id, entry.Entity.Name);
            await db.Set<Opportunity>().IgnoreQueryFilters().Where(o => o.CustomerId == id && o.CustomerName != name).ExecuteUpdateAsync(o => o.SetProperty(x => x.CustomerName, name), ct);
        }
        foreach (var entry in db.ChangeTracker.Entries<Person>().Where(e => e.State is EntityState.Modified && e.Property(p => p.Name).IsModified).ToArray())
        {
            var (id, name) = (entry.Entity.Id, entry.Entity.Name);
            await db.Set<Opportunity>().IgnoreQueryFilters().Where(o => o.OwnerId == id && o.OwnerName != name).ExecuteUpdateAsync(o => o.SetProperty(x => x.OwnerName, name), ct);
        }
    }
}
