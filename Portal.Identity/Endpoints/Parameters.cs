using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Portal.Identity.Endpoints;

/// <summary>The parameters of one protocol request, from query and form together. Empty means absent (RFC 6749, 3.1); a repeated one is never read.</summary>
internal sealed class Parameters
{
    private readonly Dictionary<string, string> _single = new(StringComparer.Ordinal);
    private readonly HashSet<string> _repeated = new(StringComparer.Ordinal);

    public Parameters(params IEnumerable<IEnumerable<KeyValuePair<string, StringValues>>> sources)
    {
        foreach (var (name, values) in sources.SelectMany(source => source))
        {
            if (values.Count > 1 || _single.ContainsKey(name))
            {
                _repeated.Add(name);
            }
            else if (values.ToString() is { Length: > 0 } value)
            {
                _single[name] = value;
            }
        }
    }

    public string? this[string name] => _repeated.Contains(name) ? null : _single.GetValueOrDefault(name);

    /// <summary>Those given once.</summary>
    public IEnumerable<KeyValuePair<string, string>> All => _single.Where(p => !_repeated.Contains(p.Key));

    public bool AnyRepeated => _repeated.Count > 0;

    public bool IsRepeated(string name) => _repeated.Contains(name);

    /// <returns>Null where a POST does not carry a form.</returns>
    public static async Task<Parameters?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return new Parameters(request.Query);
        }
        return IsForm(request) ? new Parameters(request.Query, await request.ReadFormAsync(ct)) : null;
    }

    public static bool IsForm(HttpRequest request) =>
        request.ContentType is { } type && type.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
}
