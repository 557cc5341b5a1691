using System.CommandLine;
using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Identity.Clients;
using Portal.Identity.Commands;
using Portal.Identity.Federation;
using Portal.Web.Access;
using Portal.Web.Pages.Access;
using Portal.Web.Pages.Access.Providers;

namespace Portal.Web.Commands;

/// <summary><c>provider list|add|domain|enable|disable|remove</c>: companies' own log-ins, as on the page of that name.</summary>
internal static class ProviderCommand
{
    private const string Who = "command line";

    private static readonly Argument<string> Id = new("id") { Description = "As `provider list` names it" };
    private static readonly Argument<string> Company = new("company") { Description = "Code of the partner company" };
    private static readonly Argument<string> Domain = new("domain") { Description = "What stands after the @ in the company's addresses" };
    private static readonly Option<string> Issuer = new("--issuer") { Description = "Exactly as the provider writes it", Required = true };
    private static readonly Option<string> Client = new("--client") { Description = "The client id that the company registered for this portal", Required = true };
    private static readonly Option<bool> SecretFromInput = new("--secret-stdin") { Description = "Read the client secret from the first line of standard input" };
    private static readonly Option<string?> Name = new("--name") { Description = "As people read it on the log-in page; the company's name where left out" };
    private static readonly Option<string> Scope = new("--scope") { Description = "What is asked for", DefaultValueFactory = _ => FederatedProvider.DefaultScope };
    private static readonly Option<bool> Admits = new("--admit") { Description = "Take in people whom nobody invited" };
    private static readonly Option<bool> Vouches = new("--vouches") { Description = "It gives out verified addresses only, though it does not say so" };
    private static readonly Option<string> Claim = new("--claim") { Description = "The claim that brings functions", DefaultValueFactory = _ => FederatedProvider.DefaultClaim };
    private static readonly Option<string[]> Function = new("--function") { Description = "value=function, or *=function for everybody" };
    private static readonly Option<string?> Evidence = new("--because") { Description = "Where the record cannot be set: state that the domain is the company's, and how you found out" };
    private static readonly Option<bool> Confirm = new("--yes") { Description = "Delete it although it is the only way in for its people" };

    public static Command Make(CommandFrame frame)
    {
        var list = new Command("list", "Show the companies' log-ins, their domains and the records that prove them");
        frame(list, ListAsync);
        var add = new Command("add", "Connect a company's log-in, switched off") { Company, Issuer, Client, SecretFromInput, Name, Scope, Admits, Vouches, Claim, Function };
        frame(add, AddAsync);
        var domain = new Command("domain", "Add a domain and look whether its record is there; or state that it is the company's") { Id, Domain, Evidence };
        frame(domain, DomainAsync);
        var enable = new Command("enable", "Let its people in by it") { Id };
        frame(enable, (run, ct) => ActAsync(run, "is switched on", (registry, id) => registry.SetEnabledAsync(id, true, ct)));
        var disable = new Command("disable", "Let nobody in by it, log out who came by it, and let passwords count again") { Id };
        frame(disable, (run, ct) => ActAsync(run, "is switched off", (registry, id) => registry.SetEnabledAsync(id, false, ct)));
        var remove = new Command("remove", "Delete it: its people stay, and are told by mail how to choose a password") { Id, Confirm };
        frame(remove, (run, ct) => ActAsync(run, "is deleted", (registry, id) => registry.RemoveAsync(id, run.Arguments.GetValue(Confirm), ct)));
        return new Command("provider", "Companies whose people log in through a provider of their own") { list, add, domain, enable, disable, remove };
    }

    private static async Task<CommandAnswer> ListAsync(CommandCall run, CancellationToken ct)
    {
        var all = await run.Get<FederationRegistry>().ListAsync(ct);
        return CommandAnswer.Done(
            all.Select(p => new
            {
                id = p.Id.ToString("N"), p.Name, company = p.Owner, p.Issuer, p.ClientId, p.Enabled, p.Forced, p.Admits, p.LastLogInAt, redirect = run.Get<FederationRegistry>().RedirectUriOf(p.Id),
                domains = p.Domains.Select(d => new { d.Domain, state = StateOf(d), d.Record }),
            }),
            [.. all.SelectMany(p => p.Domains.Select(d => $"  {d.Domain}  {StateOf(d)}{(d.IsConfirmed && d.MissingSince is null ? "" : $"  TXT \"{d.Record}\"")}")
                .Prepend(string.Create(CultureInfo.InvariantCulture, $"{p.Id:N}  {p.Name}  {(p.Enabled ? p.Forced ? "the only way in" : "on" : "OFF")}  {p.Issuer}  {(p.LastLogInAt is { } at ? $"last used {at:yyyy-MM-dd}" : "never used")}")))]);
    }

    private static string StateOf(FederatedDomain domain) =>
        !domain.IsConfirmed ? "NOT PROVED" : domain.MissingSince is not null ? "RECORD GONE" : domain.Proof is DomainProof.Record ? "by its record" : $"stated by {domain.ConfirmedBy}";

    private static async Task<CommandAnswer> AddAsync(CommandCall run, CancellationToken ct)
    {
        var asked = run.Arguments;
        var code = asked.GetValue(Company)!.Trim().ToUpperInvariant();
        await using var db = run.Get<PortalDb>().For(AccessScope.System("command provider add"), "command:provider add");
        if (await db.Companies.AsNoTracking().FirstOrDefaultAsync(c => c.Code == code, ct) is not { } company) { return Refused(code, $"No company has the code {code}."); }
        if (company is { IsSupplier: false, IsDistributor: false, IsChannelPartner: false } || company.Status is CompanyStatus.Closed) { return Refused(code, $"{code} is no supplier, distributor or channel partner that is open."); }
        var secret = asked.GetValue(SecretFromInput) ? await Console.In.ReadLineAsync(ct) : null;
        var input = new ProviderInput
        {
            Name = asked.GetValue(Name) ?? company.Name, ClientId = asked.GetValue(Client)!, ClientSecret = secret, Scope = asked.GetValue(Scope)!, FunctionsClaim = asked.GetValue(Claim)!, Admits = asked.GetValue(Admits),
            VouchesForEmails = asked.GetValue(Vouches), Functions = string.Join('\n', asked.GetValue(Function) ?? []),
        };
        var wrong = new ModelStateDictionary();
        if (input.Read(company, wrong, run.Get<IStringLocalizer<AccessText>>()) is not { } settings) { return Refused(code, [.. wrong.Values.SelectMany(v => v.Errors).Select(e => e.ErrorMessage)]); }
        var registry = run.Get<FederationRegistry>();
        var (id, problems) = await registry.AddAsync(CompanyPeople.OwnerOf(company.Id), asked.GetValue(Issuer)!, settings, ct);
        if (id is not { } made) { return Refused(code, [.. problems.Select(p => p.ToString())]); }
        return CommandAnswer.Done(
            new { id = made.ToString("N"), redirect = registry.RedirectUriOf(made), logout = registry.LogoutUriOf(made) },
            [$"{made:N} is connected and switched off.", $"Redirect address to register there: {registry.RedirectUriOf(made)}", $"Back-channel log-out address: {registry.LogoutUriOf(made)}"]);
    }

    private static async Task<CommandAnswer> DomainAsync(CommandCall run, CancellationToken ct)
    {
        var domain = run.Arguments.GetValue(Domain)!;
        if (run.Arguments.GetValue(Evidence) is { } evidence) { return await ActAsync(run, $"may speak for {domain}", (r, id) => r.StateDomainAsync(id, domain, Who, evidence, ct)); }
        return await ActAsync(run, $"may speak for {domain}", async (r, id) =>
        {
            var checkedNow = await r.CheckDomainAsync(id, domain, Who, ct);
            if (!checkedNow.Problems.Any(p => p.Code == "federation.domain-unknown")) { return checkedNow; }
            var added = await r.AddDomainAsync(id, domain, Who, ct);
            return added.Succeeded ? await r.CheckDomainAsync(id, domain, Who, ct) : added;
        });
    }

    private static async Task<CommandAnswer> ActAsync(CommandCall run, string done, Func<FederationRegistry, Guid, Task<SettingResult>> act)
    {
        var written = run.Arguments.GetValue(Id)!;
        if (!Guid.TryParseExact(written, "N", out var id)) { return Refused(written, $"{written} is no id of a provider: see `provider list`."); }
        var result = await act(run.Get<FederationRegistry>(), id);
        return result.Succeeded ? CommandAnswer.Done(new { id = written }, $"{written} {done}.") : Refused(written, [.. result.Problems.Select(p => p.ToString())]);
    }

    private static CommandAnswer Refused(string what, params string[] problems) => CommandAnswer.Refused(new { what, problems }, problems);
}
