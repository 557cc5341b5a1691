namespace Portal.Identity.Clients;

/// <summary>An API that takes access tokens of this provider.</summary>
public sealed class ApiResource
{
    /// <summary>What stands in the <c>aud</c> of its tokens: an absolute address, compared byte for byte.</summary>
    public required string Audience { get; init; }
    public required string Name { get; set; }
    public bool Enabled { get; set; } = true;
    public bool FromSettings { get; set; }
    public List<ApiScope> Scopes { get; init; } = [];
}

/// <summary>One thing that a client may be allowed at an API. The scopes about the person (openid, profile, email, offline_access) are the protocol's and not kept here.</summary>
public sealed class ApiScope
{
    public required string Name { get; init; }
    public required string Audience { get; init; }

    /// <summary>What the person reads on the consent page, in English.</summary>
    public required string Title { get; set; }

    /// <summary>The same in simplified Chinese.</summary>
    public required string TitleZh { get; set; }
}

/// <summary>What is stated about one scope of an API.</summary>
public sealed record ScopeRegistration(string Name, string Title, string TitleZh)
{
    /// <summary>NQCHAR of RFC 6749, 3.3; at most 60.</summary>
    internal static bool IsWord(string name) => name is { Length: > 0 and <= 60 } && name.All(c => c is '!' or (>= '#' and <= '[') or (>= ']' and <= '~'));
}

/// <summary>What a host, an administrator or a command states about an API.</summary>
public sealed record ResourceRegistration(string Audience, string Name, IReadOnlyList<ScopeRegistration> Scopes)
{
    /// <summary>What is wrong with it; nothing for a good one.</summary>
    public IEnumerable<SettingProblem> Problems()
    {
        if (!Uri.TryCreate(Audience, UriKind.Absolute, out var uri) || uri.Fragment.Length > 0 || Audience.Length > 300 || Audience.Any(c => c is <= ' ' or > '~'))
        {
            yield return new("resource.audience-invalid", Audience);
        }
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 200)
        {
            yield return new("resource.name-invalid", Audience);
        }
        foreach (var scope in Scopes)
        {
            if (!ScopeRegistration.IsWord(scope.Name))
            {
                yield return new("scope.name-invalid", scope.Name);
            }
            if (Tokens.Scopes.All.Contains(scope.Name))
            {
                yield return new("scope.name-reserved", scope.Name);
            }
            if (string.IsNullOrWhiteSpace(scope.Title) || string.IsNullOrWhiteSpace(scope.TitleZh) || scope.Title.Length > 200 || scope.TitleZh.Length > 200)
            {
                yield return new("scope.title-missing", scope.Name);
            }
        }
        foreach (var twice in Scopes.GroupBy(scope => scope.Name).Where(same => same.Count() > 1))
        {
            yield return new("scope.name-taken", twice.Key);
        }
    }
}
