using System.Security.Cryptography;
using Portal.Domain.Common;
using Portal.Web.Access;

namespace Portal.Web.Documents;

/// <summary>
/// Files under the data folder, named by what is in them (SHA-256): <c>files/ab/cd/abcd…</c>. The same content lies there once, a file never changes, and no
/// name that a user gave ever becomes a path.
/// </summary>
public sealed class FileStore
{
    private const string Incoming = "incoming";
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private readonly string _root;
    private readonly string _incoming;

    public FileStore(DataFolder folder, TimeProvider clock)
    {
        _root = folder.Folder("files");
        _incoming = Directory.CreateDirectory(Path.Combine(_root, Incoming)).FullName;
        // What a killed process left. Others may be writing at this moment, so only what is old goes.
        foreach (var file in Directory.EnumerateFiles(_incoming).Where(f => File.GetLastWriteTimeUtc(f) < clock.GetUtcNow().UtcDateTime - Abandoned)) { File.Delete(file); }
    }

    /// <summary>Writes the content to a temporary file beside its later place. Nothing stays of it unless it is kept; dispose of it in any case.</summary>
    /// <param name="most">Bytes.</param>
    /// <returns>The file, or <see cref="FileRefusals.Empty"/> or <see cref="FileRefusals.TooLarge"/>.</returns>
    /// <exception cref="IOException">The disk is full or fails; the temporary file is gone.</exception>
    public async Task<Result<IncomingFile>> ReceiveAsync(Stream content, long most, CancellationToken ct)
    {
        var path = Path.Combine(_incoming, Path.GetRandomFileName());
        var file = new IncomingFile(this, path);
        try
        {
            var tooLarge = !await WriteAsync(file, content, most, ct);
            if (tooLarge || file.Size == 0)
            {
                file.Dispose();
                return tooLarge ? FileRefusals.TooLarge(most) : FileRefusals.Empty;
            }
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <param name="sha256">As a version holds it.</param>
    /// <exception cref="FileNotFoundException">The store has lost it.</exception>
    public FileStream Open(string sha256) =>
        new(PathOf(sha256), new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });

    internal void Keep(IncomingFile file)
    {
        var place = PathOf(file.Sha256);
        if (File.Exists(place)) { return; }
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        // Of two that bring the same content at once, the second replaces the first with the same bytes.
        File.Move(file.Path, place, overwrite: true);
    }

    private string PathOf(string sha256)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower)) { throw new ArgumentException("Not a lower-case SHA-256.", nameof(sha256)); }
        return Path.Combine(_root, sha256[..2], sha256[2..4], sha256);
    }

    /// <returns>False when there is more than allowed.</returns>
    private static async Task<bool> WriteAsync(IncomingFile file, Stream content, long most, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(file.Path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous });
        var buffer = new byte[128 << 10];
        for (int read; (read = await content.ReadAsync(buffer, ct)) > 0;)
        {
            file.Size += read;
            if (file.Size > most) { return false; }
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), ct);
        }
        target.Flush(flushToDisk: true);
        file.Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        return true;
    }
}

/// <summary>Received, not yet kept.</summary>
public sealed class IncomingFile : IDisposable
{
    private readonly FileStore _store;

    internal IncomingFile(FileStore store, string path) => (_store, Path) = (store, path);

    internal string Path { get; }

    /// <summary>Bytes.</summary>
    public long Size { get; internal set; }
    public string Sha256 { get; internal set; } = "";

    public FileStream OpenRead() => new(Path, FileMode.Open, FileAccess.Read, FileShare.Read);

    /// <summary>Moves it to its place in one step.</summary>
    public void Keep() => _store.Keep(this);

    public void Dispose() => File.Delete(Path);
}
