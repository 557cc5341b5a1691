using System.CommandLine;
using Portal.Identity.Accounts;
using Portal.Identity.Pages;

namespace Portal.Identity.Commands;

/// <summary><c>account add|show|reset|disable|enable|unlock</c>: for a provider that stands alone, where no page of an application manages its people.</summary>
public static class AccountCommand
{
    private static readonly Argument<string> Email = new("email") { Description = "The address that the person logs in with" };
    private static readonly Option<string> Language = new("--language") { Description = "en or zh-Hans", DefaultValueFactory = _ => "en" };
    private static readonly Option<string> TimeZone = new("--time-zone") { Description = "IANA name", DefaultValueFactory = _ => "UTC" };
    private static readonly Option<bool> PasswordFromInput = new("--password-stdin") { Description = "Read the password from the first line of standard input instead of inviting" };

    public static Command Make(CommandFrame frame)
    {
        var add = new Command("add", "Add an account: its owner is invited to choose a password or a passkey") { Email, Language, TimeZone, PasswordFromInput };
        frame(add, AddAsync);
        var show = new Command("show", "Show the state of an account and its subject") { Email };
        frame(show, (run, ct) => OnAsync(run, async (subject, life) =>
        {
            var view = (await life.LookAsync(subject, ct))!;
            return CommandAnswer.Done(new { subject, view.Email, state = view.State.ToString(), view.HasPassword, view.HasAuthenticator, view.Passkeys, view.PausedUntil, view.InvitedUntil },
                $"{view.Email}  {subject}  {view.State}  {(view.HasPassword ? "password" : "no password")}{(view.HasAuthenticator ? ", authenticator" : "")}, {view.Passkeys} passkeys");
        }, ct));
        var reset = new Command("reset", "Send a link for a new password, or a new invitation to whoever never had one") { Email };
        frame(reset, (run, ct) => OnAsync(run, async (subject, life) =>
            Answer(subject, "has a link", (await life.LookAsync(subject, ct))!.State is AccountState.Invited ? await life.InviteAgainAsync(subject, ct) : await life.SendResetAsync(subject, ct)), ct));
        var disable = new Command("disable", "Log an account out everywhere and let it in no more") { Email };
        frame(disable, (run, ct) => ActAsync(run, "is disabled", life => life.DisableAsync, ct));
        var enable = new Command("enable", "Let a disabled account in again") { Email };
        frame(enable, (run, ct) => ActAsync(run, "is enabled", life => life.EnableAsync, ct));
        var unlock = new Command("unlock", "Lift the pause after wrong passwords") { Email };
        frame(unlock, (run, ct) => ActAsync(run, "is unlocked", life => life.UnlockAsync, ct));
        return new Command("account", "People who can log in") { add, show, reset, disable, enable, unlock };
    }

    private static async Task<CommandAnswer> AddAsync(CommandCall run, CancellationToken ct)
    {
        var (email, language, zone) = (run.Arguments.GetValue(Email)!, run.Arguments.GetValue(Language)!, run.Arguments.GetValue(TimeZone)!);
        if (!run.Arguments.GetValue(PasswordFromInput)) { return Answer(email, "is invited", await run.Get<AccountLife>().InviteAsync(email, language, zone, ct)); }
        var made = await run.Get<Accounts.Accounts>().CreateAccountAsync(email, await Console.In.ReadLineAsync(ct) ?? "", language, zone, ct: ct);
        return made.Subject is { } subject ? CommandAnswer.Done(new { email, subject }, $"{email} may log in. Subject: {subject}") : Refused(email, made.Refusals, made.Values);
    }

    private static Task<CommandAnswer> ActAsync(CommandCall run, string done, Func<AccountLife, Func<string, CancellationToken, Task>> act, CancellationToken ct) => OnAsync(run, async (subject, life) =>
    {
        await act(life)(subject, ct);
        return CommandAnswer.Done(new { subject }, $"{run.Arguments.GetValue(Email)} {done}.");
    }, ct);

    private static async Task<CommandAnswer> OnAsync(CommandCall run, Func<string, AccountLife, Task<CommandAnswer>> act, CancellationToken ct)
    {
        var email = run.Arguments.GetValue(Email)!;
        return await run.Get<Accounts.Accounts>().FindSubjectAsync(email, ct) is { } subject ? await act(subject, run.Get<AccountLife>()) : Refused(email, ["account.unknown"]);
    }

    private static CommandAnswer Answer(string who, string done, LinkResult result) => result.Subject is { } subject
        ? CommandAnswer.Done(new { subject, result.Link }, [$"{who} {done}.", result.Link is null ? "The mail is on its way." : $"No mail is configured. Hand this link over: {result.Link}"])
        : Refused(who, result.Refusals);

    private static CommandAnswer Refused(string email, IReadOnlyList<string> codes, params IReadOnlyList<object> values) =>
        CommandAnswer.Refused(new { email, problems = codes }, codes.Select(code => $"{email}: {IdentityText.English(code, [.. values])}"));
}
