using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Identity.Commands;

/// <summary>How a program takes in a command of the provider: it gives the act services over a database of the right schema, and prints the answer in its own way.</summary>
public delegate void CommandFrame(Command command, Func<CommandCall, CancellationToken, Task<CommandAnswer>> act);

/// <summary>One call: the services of a scope of its own, and what was typed.</summary>
public sealed record CommandCall(IServiceProvider Services, ParseResult Arguments)
{
    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();
}

/// <param name="Result">For programs.</param>
/// <param name="Lines">For people, in English.</param>
public sealed record CommandAnswer(bool Succeeded, object Result, IReadOnlyList<string> Lines)
{
    public static CommandAnswer Done(object result, params IEnumerable<string> lines) => new(true, result, [.. lines]);

    public static CommandAnswer Refused(object result, params IEnumerable<string> problems) => new(false, result, [.. problems]);
}
