using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Mail;
using Portal.Testing.Structure;

namespace Portal.Identity.Tests.Support;

/// <summary>A mail as it arrived.</summary>
internal sealed partial record Letter(string To, string Subject, string Text, string Html)
{
    public string Link => Links().Match(Text).Value;
    public string Path => new Uri(Link).PathAndQuery;

    public static Letter Read(string to, string raw)
    {
        var end = raw.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = Folding().Replace(raw[..end], " ");
        var boundary = Boundary().Match(head).Groups[1].Value;
        var parts = raw[end..].Split("--" + boundary, StringSplitOptions.None);
        string Part(string type) => Decode(parts.First(part => part.Contains($"text/{type}", StringComparison.OrdinalIgnoreCase)));
        return new(to, Words(SubjectLine().Match(head).Groups[1].Value), Part("plain"), Part("html"));
    }

    private static string Decode(string part)
    {
        var (head, body) = (part[..part.IndexOf("\r\n\r\n", StringComparison.Ordinal)], part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        return head.Contains("base64", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.GetString(Convert.FromBase64String(body.ReplaceLineEndings(""))) : Unquote(body.Replace("=\r\n", "", StringComparison.Ordinal));
    }

    /// <summary>RFC 2047.</summary>
    private static string Words(string header) => Encoded().Replace(header.Replace("?= =?", "?==?", StringComparison.Ordinal), word => word.Groups[1].Value.Equals("B", StringComparison.OrdinalIgnoreCase)
        ? Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[2].Value)) : Unquote(word.Groups[2].Value.Replace('_', ' ')));

    private static string Unquote(string text) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Hex().Replace(text, hex => ((char)Convert.ToInt32(hex.Groups[1].Value, 16)).ToString())));

    [GeneratedRegex(@"https://portal\.example/identity/\S+")] private static partial Regex Links();
    [GeneratedRegex(@"\r\n[ \t]+")] private static partial Regex Folding();
    [GeneratedRegex("boundary=\"?([^\";\\r\\n]+)")] private static partial Regex Boundary();
    [GeneratedRegex(@"^Subject: (.*?)\r?$", RegexOptions.Multiline)] private static partial Regex SubjectLine();
    [GeneratedRegex(@"=\?utf-8\?([BQ])\?(.*?)\?=", RegexOptions.IgnoreCase)] private static partial Regex Encoded();
    [GeneratedRegex("=([0-9A-F]{2})")] private static partial Regex Hex();
}

/// <summary>Starts the server once for a class of tests and hands out what arrives.</summary>
public sealed class MailServer : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Channel<Letter> _arrived = Channel.CreateUnbounded<Letter>();
    private Process _server = null!;

    public int Port { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _server = Process.Start(new ProcessStartInfo("node", [Repository.File("tests/Portal.Identity.Tests/Support/mail-server.mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Port = JsonDocument.Parse((await _server.StandardOutput.ReadLineAsync())!).RootElement.GetProperty("port").GetInt32();
        _ = ReadAsync();
    }

    private async Task ReadAsync()
    {
        while (await _server.StandardOutput.ReadLineAsync() is { } line)
        {
            var mail = JsonDocument.Parse(line).RootElement;
            await _arrived.Writer.WriteAsync(Letter.Read(mail.GetProperty("to")[0].GetString()!, mail.GetProperty("raw").GetString()!));
        }
    }

    internal void Use(IServiceCollection services) => services.Configure<MailOptions>(mail => (mail.Host, mail.Port, mail.Tls, mail.From) = ("127.0.0.1", Port, false, "portal@portal.example"));

    /// <summary>The next one, whoever it is for.</summary>
    internal async Task<Letter> NextAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        return await _arrived.Reader.ReadAsync(limit.Token);
    }

    internal bool IsEmpty => !_arrived.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        _server.StandardInput.Close();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }
}
