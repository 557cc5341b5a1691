using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Portal.Web.Access;
using Portal.Web.Documents;
using Portal.Web.Host;
using Xunit;

namespace Portal.Web.Tests.Documents;

public sealed class StoringFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-files-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FileStore Open() => new(new DataFolder(_folder, _folder), TimeProvider.System);

    private string[] Files() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);

    [Fact]
    public async Task What_is_kept_lies_under_the_hash_of_its_content_and_reads_the_same()
    {
        var store = Open();
        var content = RandomNumberGenerator.GetBytes(300_000);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        using (var file = (await store.ReceiveAsync(new MemoryStream(content), 1 << 20, Ct)).Value)
        {
            Assert.Equal((300_000, hash), (file.Size, file.Sha256));
            Assert.Contains("incoming", Assert.Single(Files()));
            file.Keep();
        }
        Assert.Equal(Path.Combine(_folder, "files", hash[..2], hash[2..4], hash), Assert.Single(Files()));
        await using var read = store.Open(hash);
        using var copy = new MemoryStream();
        await read.CopyToAsync(copy, Ct);
        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public async Task The_same_content_lies_there_once()
    {
        var store = Open();
        for (var i = 0; i < 2; i++)
        {
            using var file = (await store.ReceiveAsync(new MemoryStream(Samples.Pdf()), 1 << 20, Ct)).Value;
            file.Keep();
        }
        Assert.Single(Files());
    }

    [Fact]
    public async Task What_is_not_kept_leaves_nothing()
    {
        using (var file = (await Open().ReceiveAsync(new MemoryStream(Samples.Pdf()), 1 << 20, Ct)).Value) { Assert.Single(Files()); }
        Assert.Empty(Files());
    }

    [Theory, InlineData(0, "file.empty"), InlineData(1 << 20, null), InlineData((1 << 20) + 1, "file.too-large")]
    public async Task Empty_and_too_large_are_refused_and_leave_nothing(int size, string? code)
    {
        var received = await Open().ReceiveAsync(new MemoryStream(new byte[size]), 1 << 20, Ct);
        Assert.Equal(code, received.Refusal?.Code);
        if (received.Succeeded) { received.Value.Dispose(); }
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_sender_that_breaks_off_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => Open().ReceiveAsync(new BrokenStream(), 1 << 20, Ct));
        Assert.Empty(Files());
    }

    [Fact]
    public void A_full_disk_is_a_machine_that_a_later_try_may_find_well()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a device that is always full.");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var fault = Assert.ThrowsAny<IOException>(() => full.Write(new byte[100]));
        Assert.True(Faults.IsUnreachable(fault));
        Assert.False(Faults.IsUnreachable(new IOException("The client reset the request stream.")));
    }

    [Fact]
    public void What_a_killed_process_left_goes_at_the_next_start_but_not_what_is_being_written()
    {
        Open();
        var incoming = Path.Combine(_folder, "files", "incoming");
        File.WriteAllText(Path.Combine(incoming, "old"), "x");
        File.SetLastWriteTimeUtc(Path.Combine(incoming, "old"), TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));
        File.WriteAllText(Path.Combine(incoming, "now"), "x");
        Open();
        Assert.Equal("now", Path.GetFileName(Assert.Single(Files())));
    }

    [Theory, InlineData("../../../etc/passwd"), InlineData(""), InlineData("ABCDEF"), InlineData("g000000000000000000000000000000000000000000000000000000000000000")]
    public void Only_a_hash_is_an_address(string address) => Assert.Throws<ArgumentException>(() => Open().Open(address));

    [Theory, InlineData("stream: OK\0", true), InlineData("stream: Eicar-Signature FOUND\0", false)]
    public async Task The_scanner_decides_where_one_is_set(string answer, bool clean)
    {
        using var daemon = new Daemon(answer);
        Assert.Equal(clean, await new FileScanner(daemon.Address).IsCleanAsync(new MemoryStream(Samples.Pdf("scan me")), Ct));
        Assert.Equal(Samples.Pdf("scan me"), await daemon.Received);
    }

    [Fact]
    public async Task A_scanner_that_fails_lets_nothing_through()
    {
        using var daemon = new Daemon("INSTREAM size limit exceeded. ERROR\0");
        await Assert.ThrowsAsync<TimeoutException>(() => new FileScanner(daemon.Address).IsCleanAsync(new MemoryStream(Samples.Png), Ct));
        await daemon.Received;
        var closed = daemon.Address;
        daemon.Dispose();
        await Assert.ThrowsAsync<SocketException>(() => new FileScanner(closed).IsCleanAsync(new MemoryStream(Samples.Png), Ct));
    }

    [Fact]
    public async Task Without_a_scanner_every_file_passes() => Assert.True(await new FileScanner(null).IsCleanAsync(new MemoryStream(Samples.Png), Ct));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Gives a little, then fails as a lost connection does.</summary>
    private sealed class BrokenStream : MemoryStream
    {
        private bool _gave;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_gave) { throw new IOException("The client reset the request stream."); }
            _gave = true;
            buffer.Span[..1000].Fill(1);
            return ValueTask.FromResult(1000);
        }
    }

    /// <summary>Speaks as clamd does for one connection.</summary>
    private sealed class Daemon : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Daemon(string answer)
        {
            _listener.Start();
            Received = ServeAsync(answer);
        }

        public string Address => _listener.LocalEndpoint.ToString()!;

        public Task<byte[]> Received { get; }

        public void Dispose() => _listener.Dispose();

        private async Task<byte[]> ServeAsync(string answer)
        {
            var listener = _listener;
            using var client = await listener.AcceptTcpClientAsync();
            await using var wire = client.GetStream();
            var command = new byte[10];
            await wire.ReadExactlyAsync(command);
            Assert.Equal("zINSTREAM\0"u8.ToArray(), command);
            using var content = new MemoryStream();
            var size = new byte[4];
            while (true)
            {
                await wire.ReadExactlyAsync(size);
                var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(size);
                if (length == 0) { break; }
                var part = new byte[length];
                await wire.ReadExactlyAsync(part);
                content.Write(part);
            }
            await wire.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
            return content.ToArray();
        }
    }
}
