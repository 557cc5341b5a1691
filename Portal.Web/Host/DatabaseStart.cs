using Portal.Domain.Persistence;
using Portal.Identity;
using Portal.Sqlite;
using Portal.Web.Demo;

namespace Portal.Web.Host;

/// <summary>The program cannot serve, and says why in words for whoever started it.</summary>
public sealed class StartRefusedException(string message) : Exception(message);

/// <summary>
/// Looks at the tables while the pages are still being mapped, which leaves the database nothing to wait for. Where the tables are current, the provider's keys are read too; else nothing
/// is touched before its turn. What goes wrong is said when the start gets there.
/// </summary>
public sealed class LookAhead(IServiceProvider services)
{
    private Task<SchemaState>? _looked;

    public void Begin() => _looked = Task.Run(async () =>
    {
        var state = await services.GetRequiredService<Schema>().LookAsync(CancellationToken.None);
        if (state.IsCurrent) { await services.PreparePortalIdentityAsync(CancellationToken.None); }
        return state;
    });

    public Task<SchemaState> StateAsync(CancellationToken ct) => _looked?.WaitAsync(ct) ?? services.GetRequiredService<Schema>().LookAsync(ct);
}

/// <summary>
/// Before anything else starts: a newer schema is refused, an older one brought up where <c>Database:MigrateAtStart</c> allows (by default on SQLite, which
/// no other node shares). In Development an untouched database becomes a demo house unless <c>Demo:AtStart</c> is false.
/// </summary>
public sealed class DatabaseStart(
    LookAhead ahead, Schema schema, DemoSetUp demo, PortalDb portal, IConfiguration settings, IHostEnvironment environment, ILogger<DatabaseStart> log) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var state = await ahead.StateAsync(cancellationToken);
        if (state.Newer.Count > 0) { throw new StartRefusedException(Schema.Explain(Schema.Newer(state))); }
        if (state.Pending.Count > 0) { await MigrateAsync(state, cancellationToken); }
        if (environment.IsDevelopment() && settings.GetValue("Demo:AtStart", true)) { await WelcomeAsync(cancellationToken); }
    }

    private async Task MigrateAsync(SchemaState state, CancellationToken ct)
    {
        var allowed = settings.GetValue("Database:MigrateAtStart", environment.IsDevelopment() || portal.Engine.Name == SqliteEngine.ProviderName);
        if (!allowed) { throw new StartRefusedException(Schema.Explain(Schema.Behind(state))); }
        if ((await schema.MigrateAsync(ct)).Refusal is { } refusal) { throw new StartRefusedException(Schema.Explain(refusal)); }
        log.LogInformation("Applied {Count} migrations", state.Pending.Count);
    }

    private async Task WelcomeAsync(CancellationToken ct)
    {
        if (await demo.IsEmptyAsync(ct))
        {
            var filled = await demo.FillAsync(1, ct);
            if (filled.Refusal is { } refusal) { throw new StartRefusedException(DemoSetUp.Explain(refusal)); }
            log.LogInformation("The empty database is now a demo house: {Counts}", filled.Value);
        }
        if (await demo.HasPeopleAsync(ct)) { log.LogInformation("{People}", DemoSetUp.Describe()); }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
