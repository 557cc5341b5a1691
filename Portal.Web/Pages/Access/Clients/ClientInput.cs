using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc.Rendering;
using Portal.Identity.Clients;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access.Clients;

/// <summary>What an administrator says of an application, new or known.</summary>
public class ClientInput
{
    [Display(Name = "client.name"), Required, StringLength(200)] public string Name { get; set; } = "";
    [Display(Name = "client.redirects"), StringLength(8000)] public string? Redirects { get; set; }
    [Display(Name = "client.post-logouts"), StringLength(8000)] public string? PostLogouts { get; set; }
    [Display(Name = "client.origins"), StringLength(2000)] public string? Origins { get; set; }
    [Display(Name = "client.grants")] public List<string> Grants { get; set; } = [GrantTypes.Code];
    [Display(Name = "client.scopes")] public List<string> Scopes { get; set; } = ["openid", "profile", "email"];
    [Display(Name = "client.keys"), StringLength(20_000)] public string? PublicKeys { get; set; }
    [Display(Name = "client.logout-uri"), StringLength(1000)] public string? LogoutUri { get; set; }
    [Display(Name = "client.introspects"), StringLength(300)] public string? Introspects { get; set; }
    [Display(Name = "client.foreign")] public bool Foreign { get; set; }
    [Display(Name = "client.pushed")] public bool Pushed { get; set; }

    public void Show(Client client)
    {
        (Name, Grants, Scopes, PublicKeys, LogoutUri) = (client.Name, client.GrantTypes, client.Scopes, client.PublicKeys, client.LogoutUri);
        (Redirects, PostLogouts, Origins) = (string.Join('\n', client.RedirectUris), string.Join('\n', client.PostLogoutRedirectUris), string.Join('\n', client.CorsOrigins));
        (Introspects, Foreign, Pushed) = (client.IntrospectedAudience, client.AsksConsent, client.PushesRequests);
    }

    public ClientRegistration Registration(string id, ClientKind kind) => new()
    {
        ClientId = id, Name = Name, Kind = kind, RedirectUris = Lines(Redirects), PostLogoutRedirectUris = Lines(PostLogouts), CorsOrigins = Lines(Origins), GrantTypes = Grants, Scopes = Scopes,
        PublicKeys = Word(PublicKeys), LogoutUri = Word(LogoutUri), IntrospectedAudience = Word(Introspects), AsksConsent = Foreign, PushesRequests = Pushed,
    };

    internal static async Task<IReadOnlyList<SelectListItem>> ScopesAsync(ClientRegistry registry, CancellationToken ct) =>
        [
            .. new[] { "openid", "profile", "email", "offline_access" }.Select(name => new SelectListItem(name, name)),
            .. (await registry.ListResourcesAsync(ct)).SelectMany(api => api.Scopes).Select(scope => new SelectListItem($"{scope.Name} – {(Language.IsChinese ? scope.TitleZh : scope.Title)}", scope.Name)),
        ];

    internal static readonly IReadOnlyList<SelectListItem> GrantItems = [.. GrantTypes.All.Select(grant => new SelectListItem(grant, grant))];

    private static string[] Lines(string? text) => (text ?? "").Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Word(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
