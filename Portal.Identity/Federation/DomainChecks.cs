using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Identity.Persistence;

namespace Portal.Identity.Federation;

/// <summary>
/// Looks twice a day whether the records that prove domains are still there. A record that is gone is said on the page, in the self-check, in the log and in the trail;
/// the domain goes on counting, since a name server's mistake must not lock a company out.
/// </summary>
internal sealed partial class DomainChecks(IdentityStoreContext db, DomainRecords records, IFederationTrail trail, TimeProvider clock, ILogger<DomainChecks> log)
{
    private static readonly TimeSpan s_every = TimeSpan.FromHours(12);
    private const int AtOnce = 200;

    public async Task StepAsync(CancellationToken ct)
    {
        var due = clock.GetUtcNow() - s_every;
        var domains = await db.FederatedDomains.AsNoTracking().Where(d => d.Proof == DomainProof.Record && (d.SeenAt == null || d.SeenAt < due || d.MissingSince != null))
            .OrderBy(d => d.SeenAt).Take(AtOnce).ToListAsync(ct);
        foreach (var domain in domains)
        {
            // Whoever does not answer says nothing about the record.
            switch (await records.LookAsync(domain.Domain, domain.Record, ct))
            {
                case (true, _): await NoteAsync(domain, null, ct); break;
                case (false, _): await NoteAsync(domain, clock.GetUtcNow(), ct); break;
                case (null, var fault): LogUnanswered(log, domain.Domain, fault!); break;
            }
        }
    }

    private async Task NoteAsync(FederatedDomain domain, DateTimeOffset? missing, CancellationToken ct)
    {
        var (now, turned) = (clock.GetUtcNow(), false);
        await using (var write = await db.BeginWriteAsync(ct))
        {
            var same = db.FederatedDomains.Where(d => d.Domain == domain.Domain && d.ProviderId == domain.ProviderId && d.Proof == DomainProof.Record);
            turned = missing is { } since
                ? await same.Where(d => d.MissingSince == null).ExecuteUpdateAsync(set => set.SetProperty(d => d.MissingSince, since), ct) == 1
                : await same.Where(d => d.MissingSince != null).ExecuteUpdateAsync(set => set.SetProperty(d => d.MissingSince, (DateTimeOffset?)null), ct) == 1;
            if (missing is null) { await same.ExecuteUpdateAsync(set => set.SetProperty(d => d.SeenAt, now), ct); }
            if (turned) { db.Events.Add(IdentityEvent.Of(IdentityEventKind.FederationChanged, now, client: domain.ProviderId.ToString("N"))); }
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        if (!turned || await db.FederatedProviders.AsNoTracking().FirstOrDefaultAsync(p => p.Id == domain.ProviderId, ct) is not { } provider) { return; }
        var (here, gone) = ("by its record", "by its record, which is gone");
        if (missing is not null) { LogGone(log, domain.Domain, provider.Name); }
        await trail.NoteAsync(new(provider.Owner, provider.Name, FederationAct.Changed, [($"Domain {domain.Domain}", missing is null ? gone : here, missing is null ? here : gone)]), ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The record that proved {Domain} for the log-in of {Provider} is gone. The domain still counts: ask the company, and take the domain away if it is theirs no longer")]
    private static partial void LogGone(ILogger log, string domain, string provider);

    [LoggerMessage(Level = LogLevel.Information, Message = "The record of {Domain} could not be looked up: {Fault}")]
    private static partial void LogUnanswered(ILogger log, string domain, string fault);
}
