using System.CommandLine;
using System.Runtime;
using Portal.Identity.Commands;
using Portal.Web.Host;

namespace Portal.Web.Commands;

/// <summary>The command line: no command serves, the others act and end. See docs/admin for each.</summary>
public static class PortalCommands
{
    public static async Task<int> RunAsync(string[] args)
    {
        var (settings, command) = SettingArguments.Divide(args);
        var parsed = Root(new CommandHost(settings), settings).Parse(command);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) { await Console.Error.WriteLineAsync(error.Message); }
            return (int)Outcome.WrongUsage;
        }
        return await parsed.InvokeAsync();
    }

    /// <summary>Bytes: what a start makes up to its first pages, and half as much again; and what the machine must have for it.</summary>
    private const long NewAtStart = 150_000_000, RoomForIt = 1_000_000_000;

    private static RootCommand Root(CommandHost host, string[] settings)
    {
        var root = new RootCommand("Portal: partner and supply-chain portal with CRM. Without a command it serves.")
        {
            CommandHost.Json,
        };
        root.SetAction(async (_, ct) =>
        {
            try
            {
                StartWithoutLooks();
                await using var app = PortalHost.Build(settings, serves: true);
                app.Lifetime.ApplicationStarted.Register(() => GiveBack(app.Services.GetRequiredService<TimeProvider>(), ct));
                await app.RunAsync(ct);
                return (int)Outcome.Done;
            }
            catch (Exception fault) when (CommandHost.EndingOf(fault) is not null)
            {
                var (outcome, reason) = CommandHost.EndingOf(fault)!.Value;
                await Console.Error.WriteLineAsync(reason);
                return (int)outcome;
            }
            finally { EndStart(); }
        });
        foreach (var command in All(host)) { root.Add(command); }
        return root;
    }

    /// <summary>Nearly all that a start makes stays in use, so that the collector would look through it ten times and find nothing.</summary>
    private static void StartWithoutLooks()
    {
        if (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < RoomForIt || GCSettings.LatencyMode is GCLatencyMode.NoGCRegion) { return; }
        try { GC.TryStartNoGCRegion(NewAtStart); }
        catch (ArgumentOutOfRangeException)
        {
            // The heap may not grow so large here: a start with looks is only slower.
        }
    }

    /// <summary>Once, when the start is over: returns to the system the memory that only starting needed, for building the models and compiling.</summary>
    private static void GiveBack(TimeProvider clock, CancellationToken ct) => Task.Delay(TimeSpan.FromSeconds(5), clock, ct).ContinueWith(
        _ =>
        {
            EndStart();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }, ct, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    private static void EndStart()
    {
        try { if (GCSettings.LatencyMode is GCLatencyMode.NoGCRegion) { GC.EndNoGCRegion(); } }
        catch (InvalidOperationException)
        {
            // More was made than allowed for, and the collector has looked meanwhile.
        }
    }

    /// <summary>Every sub-command, each in a file of its own in this folder.</summary>
    private static IEnumerable<Command> All(CommandHost host) => [MigrateCommand.Make(host), DemoCommand.Make(host), UserCommand.Make(host), ClientCommand.Make(Provider(host)), ProviderCommand.Make(Provider(host)), KeysCommand.Make(Provider(host)), CheckCommand.Make(host), ReportCommand.Make(host), ImportCommand.Make(host)];

    /// <summary>The built-in provider brings commands of its own; here they run on the portal's database.</summary>
    private static CommandFrame Provider(CommandHost host) => (command, act) => host.Handle(command, async (run, ct) =>
    {
        var state = await run.Get<Schema>().LookAsync(ct);
        if (state.Newer.Count > 0) { return run.Refused(Schema.Newer(state), Schema.Explain(Schema.Newer(state))); }
        if (state.Pending.Count > 0) { return run.Refused(Schema.Behind(state), Schema.Explain(Schema.Behind(state))); }
        var answer = await act(new CommandCall(run.Services, run.Arguments), ct);
        return answer.Succeeded ? run.Done(answer.Result, answer.Lines) : run.Refused(answer.Result, answer.Lines);
    });
}
