using System.CommandLine;
using System.Globalization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Mail;
using Portal.Web.Access;
using Portal.Web.Api;
using Portal.Web.Host;

namespace Portal.Web.Commands;

/// <summary><c>user add EMAIL --function F [--company CODE]</c>: a person with an account, for the first administrator and for scripts; or, with <c>--client</c>, a record for a program.</summary>
public static class UserCommand
{
    private static readonly Argument<string> Email = new("email") { Description = "The address that the person logs in with" };
    private static readonly Option<string[]> Function = new("--function") { Description = $"One or more of {string.Join(", ", Functions.All.Keys.Order())}", Required = true };
    private static readonly Option<string?> Company = new("--company") { Description = "Code of the partner company; without it the person is staff" };
    private static readonly Option<string?> Name = new("--name") { Description = "As colleagues write it" };
    private static readonly Option<string> Language = new("--language") { Description = string.Join(" or ", AddPerson.Languages), DefaultValueFactory = _ => "en" };
    private static readonly Option<bool> PasswordFromInput = new("--password-stdin") { Description = "Read the password from the first line of standard input instead of mailing an invitation or, without mail, printing its link" };

    private static readonly Option<string?> Subject = new("--subject") { Description = "Where another provider keeps the accounts: what it calls the person (claim sub)" };

    private static readonly Option<string?> Client = new("--client") { Description = "The record is for this application, which acts with its rights when it calls the API by itself; nobody logs in by it" };

    public static Command Make(CommandHost host)
    {
        var add = new Command("add", "Add a person who can log in") { Email, Function, Company, Name, Language, PasswordFromInput, Subject, Client };
        host.Handle(add, AddAsync);
        return new Command("user", "People who can log in") { add };
    }

    private static async Task<Outcome> AddAsync(CommandRun run, CancellationToken ct)
    {
        var state = await run.Get<Schema>().LookAsync(ct);
        if (state.Newer.Count > 0) { return Refuse(run, Schema.Newer(state)); }
        if (state.Pending.Count > 0) { return Refuse(run, Schema.Behind(state)); }
        var asked = run.Arguments;
        await using var db = run.Get<PortalDb>().For(AccessScope.System("command user add"), "command:user add");
        var added = await AddPerson.AddAsync(db, new NewPerson(asked.GetValue(Email)!, asked.GetValue(Function)!, asked.GetValue(Company), asked.GetValue(Name), asked.GetValue(Language)!), ct);
        if (added.Refusal is { } refusal) { return Refuse(run, refusal); }
        var person = added.Value;
        if (asked.GetValue(Client) is { } client) { return await ForClientAsync(run, db, person, client, ct); }
        var account = await AccountAsync(run, person, ct);
        if (account.Refusal is { } noAccount) { return Refuse(run, noAccount); }
        person.LinkAccount(Provider(run).LinkIssuer, account.Value.Subject);
        await db.SaveChangesAsync(ct);
        return run.Done(
            new { person.Email, id = person.Id.ToString(CultureInfo.InvariantCulture), functions = person.Functions.Select(f => f.Function), link = account.Value.Link },
            [$"{person.Email} may log in as {string.Join(", ", person.Functions.Select(f => f.Function))}.", account.Value.Note]);
    }

    private static async Task<Outcome> ForClientAsync(CommandRun run, PortalDbContext db, Person person, string client, CancellationToken ct)
    {
        if (Provider(run).IsBuiltIn && await run.Get<ClientRegistry>().FindAsync(client, ct) is null) { return Refuse(run, new Refusal("user.client-unknown", Field: "client", Values: [client])); }
        await db.SaveChangesAsync(ct);
        if (await new ActForClient(db).ExecuteAsync(ApiAddresses.From(run.Get<IConfiguration>()).IssuerOfPrograms, client, person.Id, ct) is { } refusal) { return Refuse(run, refusal); }
        return run.Done(
            new { person.Email, id = person.Id.ToString(CultureInfo.InvariantCulture), functions = person.Functions.Select(f => f.Function), client },
            [$"{client} acts for {person.Email}, as {string.Join(", ", person.Functions.Select(f => f.Function))}, when it calls the API by itself."]);
    }

    /// <param name="Link">The invitation's, where it could not be mailed: it is shown once and kept nowhere.</param>
    private sealed record LogIn(string Subject, string? Link, string Note);

    private static async Task<Result<LogIn>> AccountAsync(CommandRun run, Person person, CancellationToken ct)
    {
        var subject = run.Arguments.GetValue(Subject);
        if (!Provider(run).IsBuiltIn)
        {
            return subject is null ? new Refusal("user.subject-needed", Field: "subject") : new LogIn(subject, null, "The account is the identity provider's.");
        }
        if (subject is not null) { return new Refusal("user.subject-own", Field: "subject"); }
        var accounts = run.Get<Accounts>();
        if (await accounts.FindSubjectAsync(person.Email, ct) is { } known) { return new LogIn(known, null, "The account was there already and keeps its password."); }
        if (!run.Arguments.GetValue(PasswordFromInput))
        {
            // No password that somebody else has seen becomes a lasting one: its owner chooses it.
            if (run.Get<Outbox>().CanMail) { run.Get<Outbox>().Prepare(); }
            var invited = await run.Get<AccountLife>().InviteAsync(person.Email, person.Language, person.TimeZone, ct);
            return invited.Subject is null
                ? new Refusal(invited.Refusals[0], Field: "email")
                : new LogIn(invited.Subject, invited.Link, invited.Link is { } link
                    ? $"No mail is set up. Hand this link over, shown this once: it serves once, for seven days, to choose a password. {link}" : "An invitation goes out by mail as soon as the portal runs; it holds for seven days.");
        }
        var account = await accounts.CreateAccountAsync(person.Email, await Console.In.ReadLineAsync(ct) ?? "", person.Language, shortestPassword: PasswordLengths.For(person), ct: ct);
        return account.Subject is null ? new Refusal(account.Refusals[0], Field: "password", Values: [.. account.Values]) : new LogIn(account.Subject, null, "The password is the one given.");
    }

    private static SignInAddresses Provider(CommandRun run) => SignInAddresses.From(run.Get<IConfiguration>());

    private static Outcome Refuse(CommandRun run, Refusal refusal) => run.Refused(refusal, Explain(refusal));

    private static string Explain(Refusal refusal) => refusal.Code switch
    {
        "person.email-invalid" => $"'{refusal.Values[0]}' is not an e-mail address.",
        "person.email-taken" => $"{refusal.Values[0]} belongs to a person already.",
        "person.language-unknown" => $"The language '{refusal.Values[0]}' is not one of {string.Join(", ", AddPerson.Languages)}.",
        "person.no-function" => "A person needs a function.",
        "person.unknown-function" => $"There is no function '{refusal.Values[0]}'. Choose of {string.Join(", ", Functions.All.Keys.Order())}.",
        "person.function-of-other-side" => $"'{refusal.Values[0]}' is for {(Functions.All[(string)refusal.Values[0]].IsStaff ? "staff: leave out --company" : "a partner's people: give --company")}.",
        "person.function-not-for-company" => $"'{refusal.Values[0]}' does not fit {refusal.Values[1]}, which is another kind of partner.",
        "person.company-unknown" => $"No company has the code {refusal.Values[0]}.",
        "person.company-no-partner" => $"{refusal.Values[0]} is no supplier, distributor or channel partner, so its people cannot log in.",
        "person.company-closed" => $"{refusal.Values[0]} is closed.",
        "user.subject-needed" => "Another provider keeps the accounts here: give --subject, what it calls the person.",
        "user.subject-own" => "The portal keeps the accounts itself: leave out --subject.",
        "user.client-unknown" => $"There is no application {refusal.Values[0]}: register it first, with client add.",
        "password.too-short" => $"The password has fewer than {refusal.Values[0]} characters.",
        "password.obvious" => "The password is among the first that are tried: too common, too regular, or too close to the address.",
        "password.too-long" => "The password has more than 128 characters.",
        _ => Schema.Explain(refusal),
    };
}
