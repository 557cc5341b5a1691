using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace Portal.Web.Host;

/// <summary>Fingerprinted addresses of static files, looked up once: <c>css/portal.css</c> to <c>/css/portal.x1y2z3.css</c>.</summary>
public sealed class AssetUrls(EndpointDataSource endpoints)
{
    private readonly ConcurrentDictionary<string, string> _urls = new(StringComparer.Ordinal);
    private readonly Lazy<ResourceAssetCollection?> _assets = new(() =>
        endpoints.Endpoints.Select(e => e.Metadata.GetMetadata<ResourceAssetCollection>()).FirstOrDefault(assets => assets is not null));

    public string this[string path] => _urls.GetOrAdd(path, static (p, assets) => "/" + (assets?[p] ?? p), _assets.Value);
}
