using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Portal.Domain.Common;
using Portal.Identity.Commands;
using Portal.Web.Host;

namespace Portal.Web.Commands;

/// <summary>What a command's exit code tells the caller.</summary>
public enum Outcome { Done = 0, Refused = 1, WrongUsage = 2, Unreachable = 3 }

/// <summary>
/// Runs one command with the portal's own services, without serving pages or starting jobs.
/// Results go to standard output, everything else to standard error, so that <c>--json</c> can be piped.
/// </summary>
public sealed class CommandHost(IReadOnlyList<string> settings)
{
    /// <summary>Makes any command print its result as one JSON object.</summary>
    public static readonly Option<bool> Json = new("--json") { Description = "Print the result as one JSON object", Recursive = true };

    private static readonly JsonSerializerOptions JsonForm = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>Wires a command to its act. The act gets services of a scope of its own, disposed when it ends.</summary>
    public void Handle(Command command, Func<CommandRun, CancellationToken, Task<Outcome>> act) =>
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                await using var app = PortalHost.Build([.. settings], CommandHosting.AsCommand);
                await using var scope = app.Services.CreateAsyncScope();
                return (int)await act(new CommandRun(scope.ServiceProvider, parsed, parsed.GetValue(Json), JsonForm), ct);
            }
            catch (Exception fault) when (EndingOf(fault) is not null)
            {
                var (outcome, reason) = EndingOf(fault)!.Value;
                await Console.Error.WriteLineAsync(reason);
                return (int)outcome;
            }
        });

    /// <returns>Nothing for a fault of the program itself, which is for its makers to read whole.</returns>
    internal static (Outcome Outcome, string Reason)? EndingOf(Exception fault) =>
        Faults.WhyNoStart(fault) is { } reason ? (Outcome.Refused, reason)
        : Faults.IsUnreachable(fault) ? (Outcome.Unreachable, fault.GetBaseException().Message)
        : null;
}

/// <summary>One run of a command: its services, its arguments, and how it answers.</summary>
public sealed class CommandRun(IServiceProvider services, ParseResult arguments, bool asJson, JsonSerializerOptions jsonForm)
{
    public IServiceProvider Services => services;
    public ParseResult Arguments => arguments;
    public bool AsJson => asJson;

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>Prints the result: as JSON where asked, otherwise the lines.</summary>
    public Outcome Done(object result, params IEnumerable<string> lines)
    {
        Print(result, lines);
        return Outcome.Done;
    }

    /// <summary>Prints the result and each problem on a line of its own.</summary>
    public Outcome Refused(object result, params IEnumerable<string> problems)
    {
        Print(result, asJson ? [] : problems);
        return Outcome.Refused;
    }

    /// <summary>Prints a refusal in English, the language of logs and scripts.</summary>
    public Outcome Refused(Refusal refusal)
    {
        var text = string.Join(' ', [refusal.Code, .. refusal.Values.Select(value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "")]);
        return Refused(new { refusal.Code, refusal.Field, refusal.Values }, text);
    }

    /// <summary>Prints a refusal with a sentence for whoever typed the command.</summary>
    public Outcome Refused(Refusal refusal, string text) => Refused(new { refusal.Code, refusal.Field, refusal.Values, text }, text);

    public void Problem(string line) => Console.Error.WriteLine(line);

    private void Print(object result, IEnumerable<string> lines)
    {
        if (asJson) { Console.Out.WriteLine(JsonSerializer.Serialize(result, jsonForm)); return; }
        foreach (var line in lines) { Console.Out.WriteLine(line); }
    }
}
