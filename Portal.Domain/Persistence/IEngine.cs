using Microsoft.EntityFrameworkCore;

namespace Portal.Domain.Persistence;

/// <summary>What differs between database engines, and nothing else does.</summary>
public interface IEngine
{
    /// <summary>As in the setting <c>Database:Provider</c>.</summary>
    string Name { get; }

    /// <summary>Whether other processes may write to the same database: what is kept in memory must then be asked again.</summary>
    bool IsShared { get; }

    /// <summary>Whether it runs within this process: an answer is worked out, never waited for, and asking for it asynchronously only costs.</summary>
    bool IsInProcess { get; }

    void Configure(DbContextOptionsBuilder options);

    /// <summary>Runs last in the building of the model: converters, collations, engine-specific indexes.</summary>
    void Shape(ModelBuilder model);

    /// <summary>Waits for the turn to write. SQLite has one writer; others return at once.</summary>
    ValueTask<IDisposable> EnterWriteAsync(CancellationToken ct);

    /// <summary>Keeps the context's connection open and gives it the memory that writing much needs, until disposed.</summary>
    ValueTask<IAsyncDisposable> EnterBulkAsync(PortalDbContext db, CancellationToken ct);

    /// <summary>Writes new records of one type as they are, in the open transaction, by the fastest way that the engine has.</summary>
    /// <param name="records">Gone through once; none is kept.</param>
    /// <returns>How many they were.</returns>
    /// <exception cref="DbUpdateException">A rule of the database fired; see <see cref="IsUniqueViolation"/>.</exception>
    Task<int> InsertAsync(PortalDbContext db, RecordTable table, IEnumerable<object> records, CancellationToken ct);

    /// <summary>Writes the changed columns of records that are still as they were read, in the open transaction.</summary>
    /// <returns>How many were written: fewer than given where somebody changed one meanwhile.</returns>
    /// <exception cref="DbUpdateException">A rule of the database fired; see <see cref="IsUniqueViolation"/>.</exception>
    Task<int> UpdateAsync(PortalDbContext db, RecordChanges changes, CancellationToken ct);

    /// <summary>What the engine's full-text index holds of a line: terms separated by spaces.</summary>
    /// <param name="kind">The kind of record that the line leads to.</param>
    /// <param name="text">As <see cref="SearchText.Normalize"/> leaves it.</param>
    string Terms(string kind, string text);

    /// <summary>
    /// The lines of one kind in which every word of the text occurs, through the engine's own index: their ids. Any part of a word from three letters, Chinese words from one character,
    /// beginnings of words below that.
    /// </summary>
    /// <param name="text">As <see cref="SearchText.Normalize"/> leaves it, with one word at least.</param>
    IQueryable<long> Match(PortalDbContext db, string kind, string text);

    /// <summary>Whether the error is a unique index that fired.</summary>
    bool IsUniqueViolation(DbUpdateException exception);

    /// <summary>Why the engine's own wall behind the query filters does not stand, in words for an administrator; null where it stands, or where the engine has none.</summary>
    Task<string?> MissingWallAsync(PortalDbContext db, CancellationToken ct);

    /// <summary>Damage that the engine itself finds: broken pages, dangling keys, an index that is out of step. Reads only.</summary>
    Task<IReadOnlyList<string>> ProblemsAsync(PortalDbContext db, CancellationToken ct);
}
