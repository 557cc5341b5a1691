using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Operations;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;
using Portal.Web.Access;
using Portal.Web.Documents;

namespace Portal.Web.Demo;

/// <summary>Makes an empty portal a demo house, with accounts for whoever logs in.</summary>
public sealed class DemoSetUp(PortalDb portal, FileStore files, TimeProvider clock, IServiceScopeFactory scopes, IConfiguration configuration)
{
    public static readonly Refusal NotEmpty = new("demo.not-empty", RefusalKind.Conflict);

    public async Task<bool> IsEmptyAsync(CancellationToken ct)
    {
        await using var db = portal.For(AccessScope.System("look for records"));
        return await FirstSetUp.IsUntouchedAsync(db, ct);
    }

    public async Task<bool> HasPeopleAsync(CancellationToken ct)
    {
        await using var db = portal.For(AccessScope.System("look for demo people"));
        return await db.People.AnyAsync(p => p.Email == DemoPeople.All[0].Email, ct);
    }

    /// <param name="scale">1 to <see cref="DemoData.LargestScale"/>.</param>
    public async Task<Result<DemoCounts>> FillAsync(int scale, CancellationToken ct)
    {
        if (!await IsEmptyAsync(ct)) { return NotEmpty; }
        // Accounts first: a fill that stopped half-way leaves an empty portal, and the next one finds them.
        var accounts = await AddAccountsAsync(ct);
        return await new DemoData(portal, files, clock).FillAsync(scale, accounts, ct);
    }

    /// <summary>None where another provider keeps the accounts: demo people then cannot log in.</summary>
    private async Task<IReadOnlyDictionary<string, DemoAccount>> AddAccountsAsync(CancellationToken ct)
    {
        var made = new ConcurrentDictionary<string, DemoAccount>();
        var provider = SignInAddresses.From(configuration);
        if (!provider.IsBuiltIn) { return made; }
        // Hashing is what takes time, and it keeps every core busy.
        await Parallel.ForEachAsync(DemoPeople.WhoLogIn, ct, async (person, ct) =>
        {
            await using var scope = scopes.CreateAsyncScope();
            var accounts = scope.ServiceProvider.GetRequiredService<Accounts>();
            var account = await accounts.CreateAccountAsync(person.Email, DemoPeople.Password, person.Language, person.TimeZone, person.Company is null ? PasswordLengths.OfStaff : PasswordLengths.OfPartners, ct);
            var subject = account.Subject ?? await accounts.FindSubjectAsync(person.Email, ct)
                ?? throw new InvalidOperationException($"No account for {person.Email}: {string.Join(", ", account.Refusals)}");
            made[person.Email] = new(provider.LinkIssuer, subject);
        });
        return made;
    }

    public static string Explain(Refusal refusal) => refusal.Code switch
    {
        "demo.not-empty" => "The database has companies or people already; demo data goes into an empty one only.",
        var code => code,
    };

    /// <summary>Who can log in, a person a line.</summary>
    public static string Describe() => string.Join(Environment.NewLine,
        [$"Demo people, password {DemoPeople.Password}", .. DemoPeople.WhoLogIn.Select(p => $"  {p.Email,-32} {string.Join(", ", p.Functions)}{(p.Company is null ? "" : $" of {p.Company}")}")]);
}
