using System.Net;
using System.Text.RegularExpressions;

namespace Portal.Bench;

/// <summary>Logs in by the portal's own page, as a browser would.</summary>
internal static partial class Session
{
    /// <returns>The value of the Cookie header that a signed-in browser sends.</returns>
    /// <exception cref="InvalidOperationException">The portal shows no log-in page, or refuses the person.</exception>
    public static async Task<string> SignInAsync(Uri portal, string email, string password)
    {
        var jar = new CookieContainer();
        using var client = new HttpClient(new HttpClientHandler { CookieContainer = jar });
        using var page = await client.GetAsync(portal);
        var html = await page.Content.ReadAsStringAsync();
        var inputs = Input().Matches(html).Select(match => match.Value).ToList();
        var fields = inputs.Where(input => Attribute(input, "type") == "hidden").ToDictionary(input => Attribute(input, "name"), input => Attribute(input, "value"));
        fields[NameOf("email")] = email;
        fields[NameOf("password")] = password;

        using var form = new FormUrlEncodedContent(fields);
        var target = new Uri(page.RequestMessage!.RequestUri!, Attribute(PostForm().Match(html).Value, "action"));
        using var answer = await client.PostAsync(target, form);
        answer.EnsureSuccessStatusCode();
        if (answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/identity", StringComparison.Ordinal)) { throw new InvalidOperationException($"{portal} does not let {email} in."); }
        return jar.GetCookieHeader(portal);

        string NameOf(string type) => inputs.Find(input => Attribute(input, "type") == type) is { } input
            ? Attribute(input, "name")
            : throw new InvalidOperationException($"{page.RequestMessage!.RequestUri} shows no log-in form.");
    }

    private static string Attribute(string tag, string name) => WebUtility.HtmlDecode(Regex.Match(tag, $"\\s{name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<form[^>]*method=\"post\"[^>]*>")]
    private static partial Regex PostForm();

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Input();
}
