using System.Globalization;

namespace Portal.Identity.Tests.Support;

/// <summary>
/// Chapters V3 and V6 to V10 of OWASP ASVS 5.0.0, as far as the portal takes them: levels 1 and 2 whole, of level 3 what is worth its price. In our own words; the
/// standard's text is at https://owasp.org/www-project-application-security-verification-standard/.
/// </summary>
internal static class SecurityRows
{
    /// <summary>Chapter and section, then the first and the last number.</summary>
    private static readonly (string Section, int First, int Last)[] s_ranges =
    [
        ("V3.2", 1, 2), ("V3.3", 1, 4), ("V3.4", 1, 6), ("V3.4", 8, 8), ("V3.5", 1, 3), ("V3.5", 8, 8), ("V3.7", 2, 2),
        ("V6.2", 1, 12), ("V6.3", 1, 5), ("V6.3", 7, 8), ("V6.4", 1, 1), ("V6.4", 3, 3), ("V6.4", 6, 6), ("V6.5", 1, 5), ("V6.6", 2, 3), ("V6.8", 1, 2), ("V6.8", 4, 4),
        ("V7.2", 1, 4), ("V7.3", 1, 2), ("V7.4", 1, 3), ("V7.4", 5, 5), ("V7.5", 1, 3), ("V7.6", 1, 1),
        ("V8.1", 1, 2), ("V8.2", 1, 3), ("V8.3", 1, 3), ("V8.4", 1, 1),
        ("V9.1", 1, 3), ("V9.2", 1, 4),
        ("V10.1", 1, 2), ("V10.2", 1, 2), ("V10.3", 1, 5), ("V10.4", 1, 16), ("V10.5", 1, 5), ("V10.6", 1, 2), ("V10.7", 1, 3),
    ];

    /// <summary>Every number that the list must have, in its order.</summary>
    public static IEnumerable<string> Numbers() => s_ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1).Select(number => string.Create(CultureInfo.InvariantCulture, $"{range.Section}.{number}")));

    public static readonly Checklist List = new(
        "asvs", "docs/admin/security-checklist.md",
        """
        # What is tested of OWASP ASVS 5.0

        Chapters V3 (browsers), V6 (log-in), V7 (sessions), V8 (rights), V9 (signed tokens) and V10 (OAuth and OpenID Connect) of the [Application Security Verification Standard](https://owasp.org/www-project-application-security-verification-standard/),
        in our own words: levels 1 and 2, and of level 3 what the portal takes besides. Written from the marks of the tests in `tests` and `e2e`; do not edit it, see `CoverageTests.cs`. {0} of {1} rows have tests; the others say why not.
        What stands *slanted* below tests is how far they go.
        """,
        [
            new("V3.2.1", "What is opened directly runs nothing and is taken for nothing else: files, answers of the API"),
            new("V3.2.2", "Text stays text: encoded where it is written, and no script makes markup of it"),
            new("V3.3.1", "Cookies go by HTTPS alone and bear a prefix that says so"),
            new("V3.3.2", "Cookies do not go along from other sites"),
            new("V3.3.3", "Cookies belong to this host alone, by the prefix `__Host-`"),
            new("V3.3.4", "Scripts do not read cookies, and a session's value comes in no other way"),
            new("V3.4.1", "Browsers are told to come by HTTPS alone, for a year", "Other names below the portal's are left to the company, which may run something there that is not ready for it."),
            new("V3.4.2", "Other sites read answers only where they are registered to"),
            new("V3.4.3", "Every answer has a content security policy, without objects and without a base address"),
            new("V3.4.4", "No answer's type is guessed"),
            new("V3.4.5", "Addresses are not told to other sites"),
            new("V3.4.6", "No page is shown in a frame of another site"),
            new("V3.4.8", "Windows of other sites keep no hold on the portal's"),
            new("V3.5.1", "A form counts with its own token alone"),
            new("V3.5.2", "What browsers must ask beforehand for cannot be had by a plain form"),
            new("V3.5.3", "Reading changes nothing; what changes something is posted"),
            new("V3.5.8", "Other sites cannot load files of somebody who is logged in"),
            new("V3.7.2", "Nobody is led to an address that is not on a list"),

            new("V6.2.1", "Passwords have a least length"),
            new("V6.2.2", "Everybody can change the own password"),
            new("V6.2.3", "A new password wants the present one", "Or another proof as good, such as a passkey, given in the last ten minutes."),
            new("V6.2.4", "The passwords that everybody takes are refused", "They are known by how they are made, since hardly one of the published lists' first thousands has twelve characters; `Identity:BreachedPasswords` adds a list."),
            new("V6.2.5", "No rule about kinds of characters"),
            new("V6.2.6", "Passwords are typed into a field that hides them"),
            new("V6.2.7", "Pasting and password managers work"),
            new("V6.2.8", "A password is compared exactly as typed"),
            new("V6.2.9", "Sixty-four characters and more are allowed"),
            new("V6.2.10", "A password does not end by itself"),
            new("V6.2.11", "The product's and the person's names make no password"),
            new("V6.2.12", "Passwords known from break-ins are refused", "Those of the file that `Identity:BreachedPasswords` names: nothing is asked of a service outside."),
            new("V6.3.1", "Guessing is slowed, by account, by address and for second steps"),
            new("V6.3.2", "A new portal has no account that everybody knows"),
            new("V6.3.3", "A second factor is asked of whom the rules name", "The settings name functions and companies; a passkey is two factors in one."),
            new("V6.3.4", "There is no way in that is not on a list, and none is weaker than the others"),
            new("V6.3.5", "The owner is told of a log-in that looks strange"),
            new("V6.3.7", "The owner is told when a password, an address or a factor was changed"),
            new("V6.3.8", "No answer tells who has an account, neither by words nor by time"),
            new("V6.4.1", "What lets somebody in for the first time is random, short-lived and no lasting password"),
            new("V6.4.3", "A forgotten password is replaced safely and takes no second factor away"),
            new("V6.4.6", "Administrators can start a reset and never choose the password", "Without mail the administrator hands the link over: it serves once, for an hour, and its making is on record."),
            new("V6.5.1", "Each code serves once"),
            new("V6.5.2", "Recovery codes are kept so that they cannot be found by trying"),
            new("V6.5.3", "Codes and seeds come from the machine's source of randomness"),
            new("V6.5.4", "Codes are long enough not to be guessed"),
            new("V6.5.5", "Codes have a short life", "A code of the app counts for its own thirty seconds and one step to either side, for clocks that differ (RFC 6238, 5.2)."),
            new("V6.6.2", "A code that is sent counts for the log-in that it was sent for", "Does not apply: no codes are sent. Second steps are an app, recovery codes and passkeys."),
            new("V6.6.3", "Codes that are sent cannot be tried through", "Does not apply to what is sent, since nothing is; the limit on codes of the app stands here for it."),
            new("V6.8.1", "One provider cannot name a person of another"),
            new("V6.8.2", "The signature of what a provider says is always checked"),
            new("V6.8.4", "How strong and how recent a proof elsewhere was is read from what the provider says, and the weakest is assumed where it says nothing"),

            new("V7.2.1", "Sessions are checked on the server"),
            new("V7.2.2", "Sessions and tokens are made anew for each log-in; there are no lasting keys"),
            new("V7.2.3", "The value of a session is random, of 128 bits or more"),
            new("V7.2.4", "A log-in, also a repeated one, makes a new value and voids the one before"),
            new("V7.3.1", "An unused session ends"),
            new("V7.3.2", "Every session ends at last"),
            new("V7.4.1", "After log-out nothing of the session opens anything, here or at other applications"),
            new("V7.4.2", "Whoever is disabled is out at once"),
            new("V7.4.3", "After a change of a factor the other sessions end"),
            new("V7.4.5", "Administrators can end somebody's sessions"),
            new("V7.5.1", "Changing how one logs in wants a fresh proof"),
            new("V7.5.2", "People see their sessions and, after a fresh proof, end them"),
            new("V7.5.3", "Giving rights and looking as somebody else want a fresh proof"),
            new("V7.6.1", "Sessions end together at provider and application, as documented"),

            new("V8.1.1", "Who may do what and see which records is written down"),
            new("V8.1.2", "Who sees and writes which fields is written down"),
            new("V8.2.1", "What somebody may not do does not work"),
            new("V8.2.2", "What somebody may not see is not there, whatever id is asked for"),
            new("V8.2.3", "Fields that somebody may not see or write are not told and not taken"),
            new("V8.3.1", "The server decides, whatever a browser sends"),
            new("V8.3.2", "What is taken away is gone with the next request"),
            new("V8.3.3", "Programs and jobs act with the rights of whom they act for"),
            new("V8.4.1", "Nothing that one company does reaches another's records"),

            new("V9.1.1", "Nothing in a token is believed before its signature"),
            new("V9.1.2", "Only listed algorithms count, never none"),
            new("V9.1.3", "Keys come from the issuer that was configured, never from the token"),
            new("V9.2.1", "A token counts within its time alone"),
            new("V9.2.2", "No kind of token passes for another"),
            new("V9.2.3", "A token counts only where it is meant for"),
            new("V9.2.4", "Every token names for whom it is"),

            new("V10.1.1", "Tokens stay on the server of the portal and never reach its pages"),
            new("V10.1.2", "An answer counts for the browser and the question that it belongs to"),
            new("V10.2.1", "Nobody can be logged in as somebody else by a prepared answer"),
            new("V10.2.2", "Answers of one provider are not taken for another's"),
            new("V10.3.1", "The API takes tokens that are for it alone"),
            new("V10.3.2", "The API decides by the token's scopes and person"),
            new("V10.3.3", "A person is known by issuer and subject"),
            new("V10.3.4", "Where the API wants a stronger or fresher proof, the token must tell of it", "Does not apply: acts that want a fresh proof have pages and no route in the API."),
            new("V10.3.5", "Stolen tokens serve nobody else, because they are bound to a key", "Not offered: access tokens are bearer tokens of ten minutes, and end with their session."),
            new("V10.4.1", "Redirect addresses are compared letter by letter with those registered"),
            new("V10.4.2", "A code serves once; a second use takes back what the first brought"),
            new("V10.4.3", "A code lives for a minute"),
            new("V10.4.4", "A client has the grants that it needs; there are neither password nor implicit grant"),
            new("V10.4.5", "A refresh token that comes again ends its whole family"),
            new("V10.4.6", "PKCE by S256 for every client"),
            new("V10.4.7", "Clients that register themselves are met with suspicion", "Does not apply: clients are registered by administrators alone, and the provider has no address to register at."),
            new("V10.4.8", "Refresh tokens end at last, however often they are renewed"),
            new("V10.4.9", "People can take back what applications hold"),
            new("V10.4.10", "Clients that can prove themselves must, wherever they ask"),
            new("V10.4.11", "A client has the scopes that it needs"),
            new("V10.4.12", "A client gets its answers in the way that it asked for and nobody else can change", "By pushed requests, which a client may be made to use."),
            new("V10.4.13", "Requests are pushed", "By client, as registered: `PushesRequests`."),
            new("V10.4.14", "Access tokens are bound to a key", "Not offered, as V10.3.5 says."),
            new("V10.4.15", "Details of an authorization come from the client's server", "Does not apply: `authorization_details` is not among the parameters that are read."),
            new("V10.4.16", "Clients can prove themselves by a signature instead of a secret", "By client, as registered: a client with keys is proved by them alone."),
            new("V10.5.1", "An id token that was caught elsewhere is refused, by its nonce"),
            new("V10.5.2", "A person is known by the subject, never by an address"),
            new("V10.5.3", "A provider's document counts if it names exactly the issuer that was configured"),
            new("V10.5.4", "An id token for another client is refused"),
            new("V10.5.5", "A message of log-out is what it must be, serves once, and no other token passes for it"),
            new("V10.6.1", "The provider answers by code alone"),
            new("V10.6.2", "Nobody is logged out by a foreign link"),
            new("V10.7.1", "Applications of others get what the person allowed"),
            new("V10.7.2", "Whoever is asked reads what for, by whom and for how long"),
            new("V10.7.3", "People see what they allowed and take it back"),
        ],
        _ => false);
}
