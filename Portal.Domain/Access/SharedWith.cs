using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

internal static class SharedWith
{
    private static readonly RecordClass[] Classes = Enum.GetValues<RecordClass>();

    /// <param name="key">One of <see cref="ScopeKeys"/>.</param>
    /// <returns>Whether a share holds now for those who carry the key. Only whoever sees all records can tell.</returns>
    public static Task<bool> IsSharedWithAsync(this PortalDbContext db, string key, CancellationToken ct)
    {
        var now = db.Now;
        return db.Shares.AnyAsync(s => Classes.Contains(s.RecordClass) && s.Key == key && s.Until > now, ct);
    }
}
