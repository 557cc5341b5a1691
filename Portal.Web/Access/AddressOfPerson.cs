using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;

namespace Portal.Web.Access;

/// <summary>Keeps a person's e-mail address in step with the account's, which its owner changed with proof.</summary>
public sealed partial class AddressOfPerson(IPortalDb portal, ILogger<AddressOfPerson> log)
{
    /// <summary>An address that another person holds by then stays theirs; that is logged.</summary>
    public async Task KeepAsync(string subject, string email, CancellationToken ct)
    {
        var address = email.Trim().ToLowerInvariant();
        await using var db = portal.For(AccessScope.LogIn("the owner changed the e-mail address", Account.OwnIssuer, subject, address), "identity:email");
        if (await db.People.FirstOrDefaultAsync(p => p.Issuer == Account.OwnIssuer && p.Subject == subject, ct) is not { } person || person.Email == address) { return; }
        if (await db.People.AnyAsync(p => p.Email == address && p.Id != person.Id, ct))
        {
            LogTaken(log, person.Id);
            return;
        }
        person.Email = address;
        await db.SaveChangesAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The account of person {Person} has an address that another person's record holds; the record keeps its own")]
    private static partial void LogTaken(ILogger log, long person);
}
