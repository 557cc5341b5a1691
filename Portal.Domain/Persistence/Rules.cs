using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;

namespace Portal.Domain.Persistence;

/// <summary>Rules of a record, asked of what is about to be saved.</summary>
public static class Rules
{
    extension(PortalDbContext db)
    {
        /// <returns>The first of the broken rules whose field is new or changed: what is left as it was is not asked again, since it may have come in before the rule.</returns>
        public Refusal? FirstOf(IEnumerable<Refusal> broken, object record) => broken.FirstOrDefault(rule => db.IsChanged(record, rule.Field));

        /// <summary>Whether the property differs from what is stored; everything of a new record does.</summary>
        public bool IsChanged(object record, string property)
        {
            var entry = db.Entry(record);
            return entry.State is EntityState.Detached or EntityState.Added || !Equals(entry.Property(property).CurrentValue, entry.Property(property).OriginalValue);
        }
    }
}
