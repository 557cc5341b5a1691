namespace Portal.Testing.Databases;

/// <summary>A kind of database that tests run on. <see cref="Engines"/> names all of them.</summary>
public interface ITestEngine
{
    /// <summary>The word that the setting `Database:Provider` takes.</summary>
    string Name { get; }

    /// <summary>Null when tests can run on the engine here, else the reason why they cannot.</summary>
    string? Missing { get; }

    /// <summary>Makes an empty database, or a copy of <paramref name="template"/>, a connection string that this method gave earlier.</summary>
    /// <returns>The connection string of the new database.</returns>
    Task<string> CreateAsync(string? template, CancellationToken ct);

    /// <summary>Ends every connection to the database and removes it.</summary>
    Task DropAsync(string connectionString);

    /// <summary>Ends what holds a finished template open, so that it can be copied.</summary>
    Task CloseAsync(string connectionString, CancellationToken ct);
}
