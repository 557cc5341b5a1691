using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Web.Tests.Access;

/// <summary>A parameter that names a record.</summary>
/// <param name="InRoute">Else in the query of a GET or the form of a POST.</param>
/// <param name="Many">A list of ids.</param>
/// <param name="Optional">May be left out: a filter, not the record asked for.</param>
public sealed record RecordParameter(string Name, string Kind, bool InRoute, bool Many, bool Optional);

/// <summary>One thing that can be asked of the portal: an endpoint, or one handler of a page, by one verb.</summary>
public sealed partial record Surface
{
    public required string Verb { get; init; }
    public required string Template { get; init; }
    /// <summary>Of a page; empty for the default one.</summary>
    public required string Handler { get; init; }
    public required bool IsPage { get; init; }
    /// <summary>Null where none is declared.</summary>
    public required string? Policy { get; init; }
    public required bool IsOpen { get; init; }
    public required IReadOnlyList<RecordParameter> Records { get; init; }
    /// <summary>Texts in the route, such as the name of a report.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>What the surface is about: the record in the route, else the one that the handler asks for; null for lists.</summary>
    public RecordParameter? Main => Records.FirstOrDefault(r => r.InRoute) ?? Records.FirstOrDefault(r => !r.Optional);

    public string Name => $"{Verb} {Template}{(Handler.Length > 0 ? $" ({Handler})" : "")}";

    public override string ToString() => Name;

    /// <summary>The address with everything in its place. What stands in the form of a POST is left to the caller.</summary>
    public string Address(IReadOnlyDictionary<string, string> values)
    {
        var path = RoutePart().Replace(Template, part => part.Groups["name"].Value switch
        {
            "handler" => Handler,
            var name => Uri.EscapeDataString(values.GetValueOrDefault(name, "")),
        }).TrimEnd('/');
        List<string> query = [];
        if (Handler.Length > 0 && !Template.Contains("{handler", StringComparison.Ordinal)) { query.Add($"handler={Handler}"); }
        if (Verb == "GET") { query.AddRange(Records.Where(r => !r.InRoute && values.ContainsKey(r.Name)).Select(r => $"{r.Name}={Uri.EscapeDataString(values[r.Name])}")); }
        return (path.Length == 0 ? "/" : path) + (query.Count > 0 ? "?" + string.Join('&', query) : "");
    }

    /// <summary>Whether a form that is sent there meets this surface.</summary>
    public bool Takes(string path, string handler)
    {
        var pattern = "^" + RoutePart().Replace(Regex.Escape(Template).Replace(@"\{", "{", StringComparison.Ordinal), part =>
            part.Groups["name"].Value == "handler" ? "(?<handler>[^/]*)" : "[^/]+") + "/?$";
        var match = Regex.Match(path, pattern.Replace("/(?<handler>", "(?:/(?<handler>", StringComparison.Ordinal).Replace("[^/]*)/?$", "[^/]*))?/?$", StringComparison.Ordinal), RegexOptions.IgnoreCase);
        var asked = match.Groups["handler"] is { Success: true, Length: > 0 } inPath ? inPath.Value : handler;
        return match.Success && string.Equals(asked, Handler, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"\{\*{0,2}(?<name>\w+)[^}]*\}")]
    private static partial Regex RoutePart();
}

/// <summary>Reads from the running portal what can be asked of it.</summary>
public static class Surfaces
{
    public static async Task<IReadOnlyList<Surface>> OfAsync(IServiceProvider services)
    {
        var loader = services.GetRequiredService<PageLoader>();
        List<Surface> found = [];
        foreach (var endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            // Beside its endpoint for each file, the framework has one for files that came after the build; it is there in every environment that runs from a build.
            if (endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null || endpoint.RoutePattern.RawText == "{**path:file}") { continue; }
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page) { found.AddRange(OfPage(endpoint, await loader.LoadAsync(page, endpoint.Metadata))); }
            else { found.AddRange(OfEndpoint(endpoint)); }
        }
        return [.. found.DistinctBy(s => s.Name).OrderBy(s => s.Template, StringComparer.Ordinal).ThenBy(s => s.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<Surface> OfPage(RouteEndpoint endpoint, CompiledPageActionDescriptor page)
    {
        var metadata = page.Endpoint?.Metadata ?? endpoint.Metadata;
        var handlers = page.HandlerMethods.Select(h => (Verb: h.HttpMethod.ToUpperInvariant(), Handler: h.Name ?? "",
            Own: h.Parameters.Select(p => (p.Name, p.ParameterType, Optional: false)).ToArray())).ToList();
        // A page without a handler for GET is shown all the same.
        if (handlers.All(h => h.Verb != "GET" || h.Handler.Length > 0)) { handlers.Add(("GET", "", [])); }
        foreach (var (verb, handler, own) in handlers)
        {
            var bound = page.BoundProperties.Where(p => p.BindingInfo is not null).Select(p => (p.Name, p.ParameterType, Optional: true));
            yield return Make(endpoint.RoutePattern, verb, handler, isPage: true, metadata, [.. own, .. bound]);
        }
    }

    private static IEnumerable<Surface> OfEndpoint(RouteEndpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(verb => Make(endpoint.RoutePattern, verb, "", isPage: false, endpoint.Metadata, []));

    private static Surface Make(RoutePattern route, string verb, string handler, bool isPage, EndpointMetadataCollection metadata, IReadOnlyList<(string Name, Type Type, bool Optional)> parameters)
    {
        var template = "/" + (route.RawText ?? "").TrimStart('/');
        var records = new List<RecordParameter>();
        var words = new List<string>();
        foreach (var part in route.Parameters.Where(p => p.Name != "handler"))
        {
            var isId = part.ParameterPolicies.Any(p => p.Content == "long") || parameters.Any(p => p.Name == part.Name && IsId(p.Type));
            if (isId) { records.Add(new(part.Name, RecordKinds.Of(template, part.Name), InRoute: true, Many: false, Optional: false)); }
            else { words.Add(part.Name); }
        }
        foreach (var (name, type, optional) in parameters)
        {
            if (records.Any(r => r.Name == name)) { continue; }
            if (IsId(type)) { records.Add(new(name, RecordKinds.Of(template, name), InRoute: false, Many: false, Optional: optional || type != typeof(long))); }
            else if (type == typeof(long[]) || typeof(IEnumerable<long>).IsAssignableFrom(type)) { records.Add(new(name, RecordKinds.Of(template, name), InRoute: false, Many: true, Optional: optional)); }
        }
        return new()
        {
            Verb = verb, Template = template, Handler = handler, IsPage = isPage, Records = records, Words = words,
            Policy = metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).LastOrDefault(p => p is not null),
            IsOpen = metadata.GetMetadata<IAllowAnonymous>() is not null,
        };
    }

    private static bool IsId(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(long);
}

/// <summary>Which kind of record a parameter names, by where it stands.</summary>
public static class RecordKinds
{
    public const string Unknown = "?";

    private static readonly Dictionary<string, string> ByWord = new(StringComparer.OrdinalIgnoreCase)
    {
        ["companies"] = "company", ["company"] = "company", ["customer"] = "company", ["partner"] = "company", ["supplier"] = "company", ["competitor"] = "company", ["parent"] = "company",
        ["reporter"] = "company", ["distributor"] = "company",
        ["contacts"] = "contact", ["contact"] = "contact", ["sites"] = "site", ["site"] = "site", ["products"] = "product", ["product"] = "product",
        ["categories"] = "category", ["category"] = "category", ["supplier-items"] = "item", ["items"] = "item", ["item"] = "item",
        ["opportunities"] = "opportunity", ["opportunity"] = "opportunity", ["board"] = "opportunity", ["comments"] = "comment", ["comment"] = "comment",
        ["documents"] = "document", ["document"] = "document", ["folders"] = "folder", ["folder"] = "folder", ["versions"] = "version", ["version"] = "version",
        ["jobs"] = "job", ["job"] = "job", ["views"] = "view", ["view"] = "view", ["people"] = "person", ["person"] = "person", ["owner"] = "person", ["manager"] = "person",
        ["grants"] = "grant", ["grant"] = "grant", ["share"] = "share", ["shares"] = "share", ["territory"] = "territory", ["territories"] = "territory", ["team"] = "team", ["teams"] = "team",
        ["stage"] = "stage", ["stages"] = "stage", ["undo"] = "bulk", ["change"] = "bulk", ["import"] = "delivery", ["imports"] = "delivery", ["line"] = "line",
        ["demand-signals"] = "signal", ["demand-batches"] = "batch",
        ["signals"] = "signal", ["batch"] = "batch", ["batches"] = "batch", ["reply"] = "comment", ["view-as"] = "partner-person", ["audit"] = "audit",
    };

    /// <summary>The record class in the route decides.</summary>
    public const string OfClass = "class";

    /// <returns>The kind that a field of a form names by its own name, or by the page where it is called plainly id; <see cref="Unknown"/> for numbers of other sorts.</returns>
    public static string OfField(string template, string field) =>
        field is "id" or "ids" or "Id" or "Ids" ? Of(template, field.ToLowerInvariant()) : ByWord.GetValueOrDefault(IdEnding(field), Unknown);

    private static string IdEnding(string name) =>
        name.EndsWith("Id", StringComparison.Ordinal) ? name[..^2] : name.EndsWith("Ids", StringComparison.Ordinal) ? name[..^3] : name;

    /// <returns><see cref="Unknown"/> where neither name nor place tells.</returns>
    public static string Of(string template, string parameter)
    {
        if (template.Contains("{recordClass}", StringComparison.OrdinalIgnoreCase) && parameter is "id") { return OfClass; }
        var word = IdEnding(parameter);
        if (word is not ("id" or "ids") && ByWord.TryGetValue(word, out var named)) { return named; }
        var before = template.Split("{" + parameter, 2)[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        // "partner" at the head of an address is a side of the house, not a record.
        return before.Skip(before is ["partner", ..] ? 1 : 0).Reverse().Where(s => !s.StartsWith('{')).Select(s => ByWord.GetValueOrDefault(s)).FirstOrDefault(k => k is not null) ?? Unknown;
    }
}
