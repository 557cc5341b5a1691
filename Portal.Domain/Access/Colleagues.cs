using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>What a partner's administrator reads of a colleague.</summary>
public sealed record Colleague(long Id, string Name, string Email, string? JobTitle, bool Administrator, bool Active);

/// <summary>
/// A partner's administrator takes colleagues in. The company is the asker's own and no other can be named; functions are those that the company's kinds of partner
/// allow. Changing colleagues: <see cref="EditPerson"/>, within the same sight.
/// </summary>
public sealed class Colleagues(PortalDbContext db)
{
    public sealed record Request(string Name, string Email, string? JobTitle, string Language, string TimeZone, IReadOnlyCollection<string> Functions);

    /// <summary>One answer for every address that is somebody's elsewhere: whose it is, is not told.</summary>
    public static readonly Refusal EmailRefused = new("person.email-refused", RefusalKind.Conflict, nameof(Request.Email));

    /// <returns>The person, saved and not linked to an account yet, or a refusal that names the input.</returns>
    public async Task<Result<Person>> AddAsync(Request request, CancellationToken ct)
    {
        var company = db.Scope.RequireCompany();
        var code = await db.Companies.Where(c => c.Id == company).Select(c => c.Code).FirstAsync(ct);
        var added = await AddPerson.AddAsync(db, new NewPerson(request.Email, request.Functions, code, request.Name, request.Language, request.TimeZone), ct);
        if (added.Refusal is not null) { return added; }
        added.Value.JobTitle = request.JobTitle;
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (db.Engine.IsUniqueViolation(e))
        {
            db.Forget();
            return EmailRefused;
        }
        return added;
    }

    /// <summary>Takes back a person whose account could not be made.</summary>
    public async Task TakeBackAsync(Person person, CancellationToken ct)
    {
        db.Remove(person);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>What a person of the asker's company may be given.</summary>
    public async Task<IReadOnlyList<string>> FunctionsAsync(CancellationToken ct)
    {
        var own = db.Scope.RequireCompany();
        var company = await db.Companies.AsNoTracking().FirstAsync(c => c.Id == own, ct);
        return [.. Access.Functions.All.Values.Where(f => !f.IsStaff && AddPerson.Fits(f.Name, company)).Select(f => f.Name).Order(StringComparer.Ordinal)];
    }
}
