using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.Domain.Access;
using Portal.Domain.Persistence;

namespace Portal.Web.Host;

/// <summary>Ready means that a question to the database is answered. Says nothing about what went wrong: anybody may ask.</summary>
public sealed class DatabaseHealth(IPortalDb portal) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var db = portal.For(AccessScope.Rights("health"));
        await db.Teams.AnyAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
