using System.Text.Json;
using Microsoft.Extensions.Options;
using Portal.Identity.Sessions;

namespace Portal.Identity.Federation;

/// <summary>
/// The way out to the providers that administrators entered: encrypted, without redirects, with limits of time and size, and into no network that is not public
/// unless the host allows it. An entered address must not be a means to reach the house's own machines.
/// </summary>
internal sealed class FederationChannel : IDisposable
{
    private const int MostBytes = 256 * 1024;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);
    private readonly HttpMessageInvoker _http;
    private readonly PortalIdentityOptions _options;

    public FederationChannel(IOptions<PortalIdentityOptions> options)
    {
        _options = options.Value;
        _http = new HttpMessageInvoker(_options.FederationTransport ?? GuardedConnections.Handler(s_longest, _ => _options.FederationAllowsPrivateAddresses), disposeHandler: _options.FederationTransport is null);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Https; on this very machine http too, where private addresses are allowed.</summary>
    public bool Allows(string? address, out Uri parsed) =>
        Uri.TryCreate(address, UriKind.Absolute, out parsed!) && parsed.UserInfo.Length == 0 && parsed.Fragment.Length == 0
        && (parsed.Scheme == Uri.UriSchemeHttps || (parsed.Scheme == Uri.UriSchemeHttp && parsed.IsLoopback && _options.FederationAllowsPrivateAddresses));

    /// <returns>The JSON object of a 200; else, in English for logs and administrators, what went wrong.</returns>
    public async Task<(JsonElement Body, string? Fault)> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(s_longest);
        var what = request.RequestUri!.GetLeftPart(UriPartial.Path);
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            if (response.StatusCode != System.Net.HttpStatusCode.OK) { return (default, $"{what} answered {(int)response.StatusCode}."); }
            var bytes = new byte[MostBytes + 1];
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, limit.Token);
            if (length > MostBytes) { return (default, $"{what} answered more than {MostBytes / 1024} kB."); }
            using var document = JsonDocument.Parse(bytes.AsMemory(0, length), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object ? (document.RootElement.Clone(), null) : (default, $"{what} did not answer with a JSON object.");
        }
        catch (JsonException)
        {
            return (default, $"{what} did not answer in JSON.");
        }
        catch (HttpRequestException fault)
        {
            return (default, fault.InnerException is ForbiddenAddressException ? $"{what} is on a network that is not public." : $"{what} could not be reached ({fault.HttpRequestError}).");
        }
        catch (IOException)
        {
            return (default, $"{what} broke off its answer.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (default, $"{what} did not answer in time.");
        }
    }
}
