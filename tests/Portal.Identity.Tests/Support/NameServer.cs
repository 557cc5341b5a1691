using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Portal.Identity.Tests.Support;

/// <summary>Answers questions for text records over UDP (RFC 1035), as the name servers of the companies would.</summary>
internal sealed class NameServer : IDisposable
{
    private const int Header = 12;
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));

    public NameServer() => _ = ServeAsync();

    public string Address => _socket.Client.LocalEndPoint!.ToString()!;

    /// <summary>By name; each record in the parts in which it is sent.</summary>
    public ConcurrentDictionary<string, string[][]> Texts { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers that it failed.</summary>
    public bool Fails { get; set; }
    public int Questions { get; private set; }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var asked = await _socket.ReceiveAsync();
                Questions++;
                await _socket.SendAsync(Answer(asked.Buffer), asked.RemoteEndPoint);
            }
        }
        catch (Exception ended) when (ended is ObjectDisposedException or SocketException)
        {
            return;
        }
    }

    private byte[] Answer(byte[] asked)
    {
        var (at, labels) = (Header, new List<string>());
        for (; asked[at] != 0; at += asked[at] + 1) { labels.Add(Encoding.ASCII.GetString(asked, at + 1, asked[at])); }
        var end = at + 5;
        var found = Texts.TryGetValue(string.Join('.', labels), out var records) && !Fails ? records : [];
        using var answer = new MemoryStream();
        void Number(int value)
        {
            Span<byte> two = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)value);
            answer.Write(two);
        }
        answer.Write(asked, 0, 2);
        Number(0x8180 | (Fails ? 2 : records is null ? 3 : 0));
        Number(1);
        Number(found.Length);
        Number(0);
        Number(0);
        answer.Write(asked, Header, end - Header);
        foreach (var parts in found.Select(record => record.Select(Encoding.ASCII.GetBytes).ToList()))
        {
            // The name is the question's; a text record of the internet that is not to be kept.
            foreach (var value in new[] { 0xC000 | Header, 16, 1, 0, 0, parts.Sum(part => part.Length + 1) }) { Number(value); }
            foreach (var part in parts)
            {
                answer.WriteByte((byte)part.Length);
                answer.Write(part);
            }
        }
        return answer.ToArray();
    }

    public void Dispose() => _socket.Dispose();
}
