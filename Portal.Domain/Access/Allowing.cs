using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>What may be done with a record beyond seeing it.</summary>
public static class Allowing
{
    private static readonly MethodInfo Ask = typeof(Allowing).GetMethod(nameof(AskAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    extension(PortalDbContext db)
    {
        /// <summary>
        /// Whether the asker may do all of this with the record: staff whose reach covers it may; otherwise a rule grant through a relationship that the record
        /// has, or a share, must name the actions. False for what is not seen. One question to the database.
        /// </summary>
        public Task<bool> AllowsAsync(RecordClass recordClass, long id, GrantActions actions, CancellationToken ct) =>
            (Task<bool>)Ask.MakeGenericMethod(Sights.Shareable[recordClass]).Invoke(null, [db, id, actions, ct])!;
    }

    private static Task<bool> AskAsync<T>(PortalDbContext db, long id, GrantActions actions, CancellationToken ct) where T : class =>
        db.AllowedTo<T>(actions).AnyAsync(record => EF.Property<long>(record, "Id") == id, ct);
}
