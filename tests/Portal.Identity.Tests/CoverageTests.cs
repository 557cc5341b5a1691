using System.Globalization;

namespace Portal.Identity.Tests;

/// <summary>
/// The pages that say which tests cover each number of the two checklists: the provider's, and the chapters of OWASP ASVS 5.0 about browsers, log-in, sessions, rights and
/// tokens. They are written from the tests' own marks (<see cref="Checklist"/>).
/// </summary>
public sealed class CoveringTheChecklistTests
{
    private static readonly (int Number, string What)[] s_numbers =
    [
        (1, "Discovery names the configured issuer, whatever a request says"), (2, "What the metadata offers works, what it does not offer is refused"), (3, "The OAuth metadata is the same document"),
        (4, "Key set: distinct ids, public parts only, cacheable"), (5, "Signing algorithm by client, never none"), (6, "CORS: metadata open, tokens for registered origins, authorize for nobody"),
        (7, "Only response_type=code"), (8, "Authorize by GET and POST"), (9, "Unknown parameters and their order do not matter"), (10, "A repeated parameter is refused"),
        (11, "Unknown or disabled client: an error page, no redirect"), (12, "Missing redirect_uri: an error page"), (13, "redirect_uri matches byte for byte"), (14, "Free loopback port for native clients only"),
        (15, "Registration refuses unsafe addresses"), (16, "Errors are redirected only after client and address are proven"), (17, "state comes back byte for byte"), (18, "nonce is optional and never cut"),
        (19, "iss in every answer"), (20, "prompt=none"), (21, "prompt=login"), (22, "max_age"), (23, "id_token_hint and login_hint"), (24, "Other parameters never fail, lengths are limited"),
        (25, "request and foreign request_uri are refused without a fetch"), (26, "A scope that was not granted is refused"), (27, "303 redirects; form_post escaped and under a strict policy"), (28, "Pages cannot be framed"),
        (29, "Consent names client, host and scopes; a no is access_denied; more asks again"), (30, "An interaction belongs to the browser that began it"), (31, "Another person in mid-flow begins anew"),
        (32, "PKCE for every client"), (33, "S256 only"), (34, "Length and letters of challenge and verifier"), (35, "A missing or wrong verifier burns the code"), (36, "No downgrade of PKCE"),
        (37, "A code used twice revokes what it brought"), (38, "Fifty parallel redemptions: one success"), (39, "A code lives sixty seconds"), (40, "A code is bound to client, address and session"), (41, "redirect_uri at the token endpoint"),
        (42, "Disabled or changed meanwhile"), (43, "Token endpoint: POST and form only"), (44, "Client authentication, one way at a time"), (45, "private_key_jwt"), (46, "Two live secrets, expiring, hashed"), (47, "Token answer: JSON, not stored"),
        (48, "No password or implicit grant; unassigned grants refused"), (49, "client_credentials"), (50, "at+jwt with audience; tokens are not interchangeable"), (51, "Claims of the id token"),
        (52, "Refresh rotates"), (53, "A used refresh token kills the family"), (54, "Grace for a proven client whose answer got lost"), (55, "What ends a family"), (56, "Foreign client; scope only narrows"), (57, "Refresh needs client authentication"),
        (58, "Bound confidential clients without rotation"), (59, "Refresh race on two nodes"), (60, "Pushed authorization requests"), (61, "Revocation"), (62, "Introspection"), (63, "Userinfo"), (64, "Claims list no other companies"),
        (65, "Log-out by the client with a redirect"), (66, "No redirect for anything not quite right"), (67, "Log-out without parameters asks"), (68, "Expired own hint; another's hint asks"), (69, "After log-out nothing is left"),
        (70, "Back-channel log-out, as provider"), (71, "Back-channel log-out and id tokens, as client"), (72, "Life of the keys, two nodes, sealed at rest"), (73, "Clocks that differ or step back"), (74, "Forged tokens"), (75, "Mix-up of providers"),
        (76, "DPoP"), (77, "Return addresses"), (78, "Log-in CSRF"), (79, "A new session id at each rise"), (80, "Cookies"), (81, "Guessing"), (82, "Enumeration"), (83, "Passwords"), (84, "One-time codes"), (85, "Reset, invitation and confirmation links"),
        (86, "Sessions on the server"), (87, "A partner's own provider"), (88, "Looking at the portal as somebody else"), (89, "Self-check and refusal of unsafe settings"), (90, "No secret in any log or address"),
    ];

    /// <summary>Why a number has no test of this project.</summary>
    private static readonly Dictionary<int, string> s_without = new()
    {
        [58] = "Not offered: tokens are not bound to keys, so every refresh token rotates.",
        [64] = "Does not apply: the provider knows no companies. What a person may see is looked up in the portal at each request.",
        [76] = "Not offered and not advertised: access tokens are bearer tokens of ten minutes.",
        [88] = "Tested with the portal, whose act it is: the tests of `ViewingAsTests.cs`.",
    };

    private const int FirstOfAccounts = 77;

    private static readonly Checklist s_provider = new(
        "oidc", "docs/admin/identity-checklist.md",
        """
        # What the identity provider is tested for

        Written from the tests of `tests/Portal.Identity.Tests`; do not edit it, see `CoverageTests.cs`. Words such as `oidcc-...` and `fapi2-...` at the end of a sentence are the modules of the
        OpenID Foundation's conformance suite that test the same. {0} of {1} numbers have tests; the others say why not.
        """,
        [.. s_numbers.Select(number => new ChecklistRow(number.Number.ToString(CultureInfo.InvariantCulture), number.What, s_without.GetValueOrDefault(number.Number)))],
        number => int.Parse(number, CultureInfo.InvariantCulture) >= FirstOfAccounts);

    [Fact]
    public void The_pages_are_written_from_the_tests()
    {
        s_provider.Check();
        SecurityRows.List.Check();
    }

    [Fact]
    public void Every_number_has_a_test_or_a_reason()
    {
        Assert.Equal(Enumerable.Range(1, 90), s_numbers.Select(number => number.Number));
        Assert.Equal(SecurityRows.Numbers(), SecurityRows.List.Rows.Select(row => row.Number));
        foreach (var list in new[] { s_provider, SecurityRows.List })
        {
            Assert.Empty(list.Uncovered);
            Assert.Empty(list.Unknown);
        }
    }
}
