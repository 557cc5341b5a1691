using System.Net;
using System.Text.RegularExpressions;

namespace Portal.Bench;

/// <summary>Somebody who is logged in by the portal's own page, as a browser would, and posts its forms.</summary>
internal sealed partial class Session : IDisposable
{
    private readonly CookieContainer _jar = new();
    private readonly HttpClient _client;

    private Session() => _client = new HttpClient(new HttpClientHandler { CookieContainer = _jar });

    /// <returns>The value of the Cookie header that a signed-in browser sends.</returns>
    /// <exception cref="InvalidOperationException">The portal shows no log-in page, or refuses the person.</exception>
    public static async Task<string> SignInAsync(Uri portal, string email, string password)
    {
        using var session = await OpenAsync(portal, email, password);
        return session._jar.GetCookieHeader(portal);
    }

    /// <exception cref="InvalidOperationException">The portal shows no log-in page, or refuses the person.</exception>
    public static async Task<Session> OpenAsync(Uri portal, string email, string password)
    {
        var session = new Session();
        using var page = await session._client.GetAsync(portal);
        var html = await page.Content.ReadAsStringAsync();
        var inputs = Input().Matches(html).Select(match => match.Value).ToList();
        var fields = Hidden(html);
        fields[NameOf("email")] = email;
        fields[NameOf("password")] = password;

        using var form = new FormUrlEncodedContent(fields);
        var target = new Uri(page.RequestMessage!.RequestUri!, Attribute(PostForm().Match(html).Value, "action"));
        using var answer = await session._client.PostAsync(target, form);
        answer.EnsureSuccessStatusCode();
        if (answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/identity", StringComparison.Ordinal)) { throw new InvalidOperationException($"{portal} does not let {email} in."); }
        return session;

        string NameOf(string type) => inputs.Find(input => Attribute(input, "type") == type) is { } input
            ? Attribute(input, "name")
            : throw new InvalidOperationException($"{page.RequestMessage!.RequestUri} shows no log-in form.");
    }

    public Task<string> ReadAsync(Uri page, CancellationToken ct) => _client.GetStringAsync(page, ct);

    /// <summary>Fills in the form of the page's main part whose address ends so, with files where it takes them.</summary>
    /// <returns>Where it led.</returns>
    public async Task<Uri> PostAsync(Uri page, string action, IReadOnlyList<(string Name, string Value)> values, CancellationToken ct, params (string Name, HttpContent Content, string FileName)[] files)
    {
        var html = await ReadAsync(page, ct);
        var form = WholeForm().Matches(html[html.IndexOf("<main", StringComparison.Ordinal)..]).Select(match => match.Value).First(form => Attribute(PostForm().Match(form).Value, "action").EndsWith(action, StringComparison.Ordinal));
        var target = new Uri(page, Attribute(PostForm().Match(form).Value, "action") is { Length: > 0 } address ? address : page.PathAndQuery);
        var fields = Hidden(form).Select(field => (field.Key, field.Value)).Concat(values);
        using HttpContent body = files.Length == 0 ? new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2))) : Parts(fields, files);
        using var answer = await _client.PostAsync(target, body, ct);
        answer.EnsureSuccessStatusCode();
        var led = answer.RequestMessage!.RequestUri!;
        return led != target ? led : throw new InvalidOperationException($"{target} shows its form again.");
    }

    public void Dispose() => _client.Dispose();

    private static MultipartFormDataContent Parts(IEnumerable<(string Name, string Value)> fields, (string Name, HttpContent Content, string FileName)[] files)
    {
        var parts = new MultipartFormDataContent();
        foreach (var (name, value) in fields) { parts.Add(new StringContent(value), name); }
        foreach (var (name, content, fileName) in files) { parts.Add(content, name, fileName); }
        return parts;
    }

    private static Dictionary<string, string> Hidden(string html) =>
        Input().Matches(html).Select(match => match.Value).Where(input => Attribute(input, "type") == "hidden").ToDictionary(input => Attribute(input, "name"), input => Attribute(input, "value"));

    private static string Attribute(string tag, string name) => WebUtility.HtmlDecode(Regex.Match(tag, $"\\s{name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<form[^>]*method=\"post\"[^>]*>")]
    private static partial Regex PostForm();

    [GeneratedRegex("<form[^>]*method=\"post\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex WholeForm();

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Input();
}
