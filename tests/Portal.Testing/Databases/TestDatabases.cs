using System.Collections.Concurrent;

namespace Portal.Testing.Databases;

/// <summary>A database of one test's own, gone when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly ITestEngine _engine;

    internal TestDatabase(ITestEngine engine, string connectionString) => (_engine, ConnectionString) = (engine, connectionString);

    /// <summary>The word that the setting `Database:Provider` takes.</summary>
    public string Engine => _engine.Name;

    public string ConnectionString { get; }

    public async ValueTask DisposeAsync() => await _engine.DropAsync(ConnectionString);
}

/// <summary>
/// A state that many tests start from (migrated, or with demo data). It is prepared once per engine and test process, then copied, which is many times faster.
/// Keep one in a static field.
/// </summary>
/// <param name="prepare">Fills an empty database of the named engine and leaves no connection to it open.</param>
public sealed class TestTemplate(Func<TestDatabase, CancellationToken, Task> prepare)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<TestDatabase>>> _prepared = new();

    internal Task<TestDatabase> OnAsync(ITestEngine engine) => _prepared.GetOrAdd(engine.Name, _ => new(() => PrepareAsync(engine))).Value;

    // Not cancelled with the test that happens to ask first: the others wait for the same template.
    private async Task<TestDatabase> PrepareAsync(ITestEngine engine)
    {
        var database = new TestDatabase(engine, await engine.CreateAsync(template: null, CancellationToken.None));
        TestDatabases.DropAtEnd(database);
        await prepare(database, CancellationToken.None);
        await engine.CloseAsync(database.ConnectionString, CancellationToken.None);
        return database;
    }
}

/// <summary>Where tests get databases from.</summary>
public static class TestDatabases
{
    private static readonly ConcurrentBag<TestDatabase> AtEnd = [];

    static TestDatabases() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var database in AtEnd) { database.DisposeAsync().AsTask().GetAwaiter().GetResult(); }
    };

    /// <param name="engine">A name of <see cref="Engines"/>.</param>
    /// <param name="template">What the database starts from; null for an empty one.</param>
    /// <exception cref="InvalidOperationException">The engine is not available here.</exception>
    public static async Task<TestDatabase> CreateAsync(string engine, TestTemplate? template = null, CancellationToken ct = default)
    {
        var known = Engines.Named(engine);
        var source = template is null ? null : (await template.OnAsync(known).WaitAsync(ct)).ConnectionString;
        return new TestDatabase(known, await known.CreateAsync(source, ct));
    }

    internal static void DropAtEnd(TestDatabase database) => AtEnd.Add(database);
}
