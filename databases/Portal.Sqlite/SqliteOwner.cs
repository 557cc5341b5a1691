namespace Portal.Sqlite;

/// <summary>Another process owns the database file: the portal that serves it, or a command that writes to it.</summary>
public sealed class DatabaseOwnedException(string path, Exception inner)
    : IOException($"{path} is in use by another portal process. Stop that one first, or do this on its pages. Commands that only read (check, report) may run beside it.", inner);

/// <summary>
/// Holds the right to write to a database file for this process, from the first write to the end: two processes would each have a gate of
/// their own, and their checkpoints could race (docs/decisions/sqlite-write-gate.md). The right is a lock on a file beside the database, which the system frees however the process ends.
/// </summary>
internal sealed class SqliteOwner : IDisposable
{
    private static readonly Dictionary<string, (FileStream Lock, int Holders)> Held = [];
    private readonly string _path;
    private bool _disposed;

    private SqliteOwner(string path) => _path = path;

    /// <exception cref="DatabaseOwnedException">Another process holds it.</exception>
    public static SqliteOwner Take(string database)
    {
        var path = Path.GetFullPath(database) + "-owner";
        lock (Held)
        {
            try
            {
                Held[path] = Held.TryGetValue(path, out var held)
                    ? (held.Lock, held.Holders + 1)
                    : (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), 1);
            }
            catch (IOException e)
            {
                throw new DatabaseOwnedException(database, e);
            }
        }
        return new SqliteOwner(path);
    }

    public void Dispose()
    {
        lock (Held)
        {
            if (_disposed) { return; }
            _disposed = true;
            var (file, holders) = Held[_path];
            if (holders > 1) { Held[_path] = (file, holders - 1); return; }
            Held.Remove(_path);
            file.Dispose();
        }
    }
}
