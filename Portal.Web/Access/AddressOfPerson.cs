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
        await using var db = portal.For(AccessScope.System("the owner changed the e-mail address"), "identity:email");
        var address = email.Trim().ToLowerInvariant();
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
