using Portal.Domain.Common;
using Portal.Domain.Documents;

namespace Portal.Web.Documents;

/// <summary>From an upload to a file that may become a version: named safely, measured, looked into, scanned.</summary>
public sealed class ReceiveFile(FileStore store, FileKinds kinds, FileScanner scanner, DocumentOptions options)
{
    /// <returns>The file, or one of <see cref="FileRefusals"/>. Dispose of it after it was saved or refused.</returns>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public async Task<Result<ReceivedFile>> ExecuteAsync(IFormFile? upload, CancellationToken ct)
    {
        if (upload is null) { return FileRefusals.Missing; }
        var name = FileNames.Clean(upload.FileName);
        await using var content = upload.OpenReadStream();
        var incoming = await store.ReceiveAsync(content, options.MaxBytes, ct);
        if (incoming.Refusal is { } refused) { return refused; }
        var file = incoming.Value;
        try
        {
            await using var look = file.OpenRead();
            var kind = kinds.Find(name, look);
            var refusal = kind.Refusal ?? (await scanner.IsCleanAsync(look, ct) ? null : FileRefusals.Infected);
            if (refusal is null) { return new ReceivedFile(file, new NewFile(name, kind.Value, file.Size, file.Sha256, file.Keep)); }
            file.Dispose();
            return refusal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}

/// <summary>Waits in the store until it is kept or thrown away.</summary>
public sealed class ReceivedFile(IncomingFile incoming, NewFile file) : IDisposable
{
    public NewFile File => file;

    public void Dispose() => incoming.Dispose();
}
