using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Portal.Testing.Databases;

/// <summary>The engines that the whole suite runs on.</summary>
public static class Engines
{
    public const string Sqlite = "Sqlite";
    public const string PostgreSql = "PostgreSql";

    internal static readonly ITestEngine[] All = [new SqliteEngine(), new PostgreSqlEngine()];

    /// <summary>See <see cref="PostgreSqlEngine.CreateOwnedAsync"/>.</summary>
    public static Task<(TestDatabase Database, string User)> CreateOwnedAsync(bool makesRoles) => PostgreSqlEngine.CreateOwnedAsync(makesRoles);

    /// <summary>As an administrator of the PostgreSQL server.</summary>
    public static Task OnServerAsync(string command) => PostgreSqlEngine.OnServerAsync(command);

    /// <exception cref="ArgumentException">No engine has that name.</exception>
    public static ITestEngine Named(string name) => All.SingleOrDefault(engine => engine.Name == name) ?? throw new ArgumentException($"No engine is named {name}.", nameof(name));
}

/// <summary>
/// Runs a theory once per engine; its one parameter is the engine's name. An engine that is not here is reported as skipped, with the variable
/// that would bring it; where CI is set nothing is skipped, and its tests fail instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnEachEngineAttribute : DataAttribute
{
    /// <summary>The one engine that the theory is about; null for all.</summary>
    public string? Only { get; init; }

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Engines.All.Where(engine => Only is null || engine.Name == Only).Select(engine => new TheoryDataRow<string>(engine.Name) { Skip = InCi ? null : engine.Missing })]);

    public override bool SupportsDiscoveryEnumeration() => true;

    private static bool InCi => Environment.GetEnvironmentVariable("CI") is { Length: > 0 };
}
