using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Portal.Web.Documents;

/// <summary>
/// Asks a ClamAV daemon (<c>clamd</c>, command INSTREAM) about a file before it is kept. Without the setting <c>Documents:ClamAv</c> (<c>host:port</c>) nothing is
/// scanned; with it, a file that cannot be scanned is not taken.
/// </summary>
public sealed class FileScanner(string? address)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>False where the scanner found something.</returns>
    /// <exception cref="TimeoutException">The scanner does not answer.</exception>
    /// <exception cref="SocketException">The scanner is not reachable.</exception>
    public async Task<bool> IsCleanAsync(Stream file, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(address)) { return true; }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            var answer = await AskAsync(file, limit.Token);
            return answer.EndsWith("OK", StringComparison.Ordinal) || (answer.EndsWith("FOUND", StringComparison.Ordinal) ? false : throw new TimeoutException($"The virus scanner answered: {answer}"));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The virus scanner does not answer.");
        }
    }

    private async Task<string> AskAsync(Stream file, CancellationToken ct)
    {
        var at = address!.LastIndexOf(':');
        using var client = new TcpClient();
        await client.ConnectAsync(address[..at], int.Parse(address[(at + 1)..], System.Globalization.CultureInfo.InvariantCulture), ct);
        await using var wire = client.GetStream();
        await wire.WriteAsync("zINSTREAM\0"u8.ToArray(), ct);
        var part = new byte[4 + (64 << 10)];
        file.Position = 0;
        int read;
        do
        {
            read = await file.ReadAsync(part.AsMemory(4), ct);
            BinaryPrimitives.WriteInt32BigEndian(part, read);
            await wire.WriteAsync(part.AsMemory(0, 4 + read), ct);
        }
        while (read > 0);
        using var reader = new StreamReader(wire, Encoding.ASCII);
        return (await reader.ReadToEndAsync(ct)).Trim('\0', '\n', ' ');
    }
}
