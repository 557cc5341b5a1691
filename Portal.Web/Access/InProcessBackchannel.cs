using Microsoft.AspNetCore.Http.Features;

namespace Portal.Web.Access;

/// <summary>
/// Carries the portal's calls to the built-in provider to that provider's own endpoints without a socket: they need neither a public
/// address nor a certificate that this machine trusts. Anything but an endpoint under the authority is refused.
/// </summary>
public sealed class InProcessBackchannel(IServiceProvider services, string authority) : HttpMessageHandler
{
    private readonly Uri _authority = new(authority + "/");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } uri || !_authority.IsBaseOf(uri))
        {
            throw new HttpRequestException($"{request.RequestUri} is not an address of the built-in provider.");
        }
        await using var scope = services.CreateAsyncScope();
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        await using var answer = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancellationToken };
        context.Request.Method = request.Method.Method;
        context.Request.Scheme = uri.Scheme;
        context.Request.Host = HostString.FromUriComponent(uri);
        context.Request.Path = PathString.FromUriComponent(uri);
        context.Request.QueryString = QueryString.FromUriComponent(uri);
        context.Request.Body = new MemoryStream(body, writable: false);
        context.Request.ContentLength = body.Length;
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new Body(body.Length > 0));
        foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()))
        {
            context.Request.Headers[name] = values.ToArray();
        }
        context.Response.Body = answer;

        if (Find(context.Request) is { } endpoint)
        {
            context.SetEndpoint(endpoint);
            await endpoint.RequestDelegate!(context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }

        var response = new HttpResponseMessage((System.Net.HttpStatusCode)context.Response.StatusCode) { RequestMessage = request, Content = new ByteArrayContent(answer.ToArray()) };
        foreach (var (name, values) in context.Response.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                response.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }
        return response;
    }

    /// <summary>The provider's routes are plain texts, so looking one up is comparing it.</summary>
    private RouteEndpoint? Find(HttpRequest request) => services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().FirstOrDefault(endpoint =>
        string.Equals("/" + endpoint.RoutePattern.RawText?.TrimStart('/'), request.Path.Value, StringComparison.OrdinalIgnoreCase)
        && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(request.Method) == true);

    private sealed class Body(bool canHaveBody) : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => canHaveBody;
    }
}
