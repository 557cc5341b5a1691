using System.CommandLine;
using System.Data.Common;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Portal.Identity.Commands;
using Portal.Identity.Keys;
using Portal.Sqlite;

namespace Portal.Identity.Host;

/// <summary>The command line: no command serves, the others act and end. Exit codes: 0 done, 1 refused, 2 wrong usage, 3 a service is not reachable.</summary>
public static class HostCommands
{
    private const int Done = 0, Refused = 1, WrongUsage = 2, Unreachable = 3;

    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as one JSON object", Recursive = true };
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static async Task<int> RunAsync(string[] args)
    {
        var (settings, command) = SettingArguments.Divide(args);
        var parsed = Root(settings).Parse(command);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) { await Console.Error.WriteLineAsync(error.Message); }
            return WrongUsage;
        }
        return await parsed.InvokeAsync();
    }

    private static RootCommand Root(string[] settings)
    {
        var root = new RootCommand("Portal's log-in provider alone. Without a command it serves.") { Json };
        root.SetAction((_, ct) => GuardAsync(async () =>
        {
            await using var app = IdentityHost.Build(settings);
            await app.RunAsync(ct);
            return Done;
        }));
        var migrate = new Command("migrate", "Apply the migrations that the database lacks");
        migrate.SetAction((parsed, ct) => InAppAsync(settings, async services => await services.GetRequiredService<Schema>().MigrateAsync(ct) is { } applied
            ? Print(parsed, Done, new { applied }, [.. applied.Select(name => $"applied {name}"), applied.Count == 0 ? "The database is up to date." : $"{applied.Count} migrations applied."])
            : await RefuseAsync(parsed, services, ct) ?? Refused));
        root.Add(migrate);
        CommandFrame frame = (made, act) => made.SetAction((parsed, ct) => InAppAsync(settings, async services =>
        {
            if (await RefuseAsync(parsed, services, ct) is { } refused) { return refused; }
            var answer = await act(new CommandCall(services, parsed), ct);
            return Print(parsed, answer.Succeeded ? Done : Refused, answer.Result, answer.Lines);
        }));
        foreach (var command in new[] { AccountCommand.Make(frame), ClientCommand.Make(frame), KeysCommand.Make(frame) }) { root.Add(command); }
        return root;
    }

    private static Task<int> InAppAsync(string[] settings, Func<IServiceProvider, Task<int>> act) => GuardAsync(async () =>
    {
        await using var app = IdentityHost.Build(settings, CommandHosting.AsCommand);
        await using var scope = app.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider);
    });

    private static async Task<int?> RefuseAsync(ParseResult parsed, IServiceProvider services, CancellationToken ct) =>
        await services.GetRequiredService<Schema>().RefusalAsync(ct) is { } text ? Print(parsed, Refused, new { text }, [text]) : null;

    private static int Print(ParseResult parsed, int code, object result, IEnumerable<string> lines)
    {
        foreach (var line in parsed.GetValue(Json) ? [JsonSerializer.Serialize(result, s_json)] : lines) { Console.Out.WriteLine(line); }
        return code;
    }

    private static async Task<int> GuardAsync(Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception refused) when (refused is StartRefusedException or DatabaseOwnedException or MasterKeyException or Microsoft.Extensions.Options.OptionsValidationException)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return Refused;
        }
        catch (Exception fault) when (fault.GetBaseException() is SocketException or TimeoutException or DbException { IsTransient: true })
        {
            await Console.Error.WriteLineAsync(fault.GetBaseException().Message);
            return Unreachable;
        }
    }
}
