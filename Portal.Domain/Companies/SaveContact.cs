using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

/// <summary>What staff fill in of a person at a company.</summary>
public sealed record ContactDraft(string FirstName, string LastName)
{
    public string? Salutation { get; init; }
    public string? JobTitle { get; init; }
    public string? Department { get; init; }
    public long? ManagerId { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Mobile { get; init; }
    /// <summary>BCP 47: <c>en</c>, <c>zh-Hans</c>, <c>de-CH</c>.</summary>
    public string? Language { get; init; }
    public Consent Consent { get; init; }
    /// <summary>When it was given or withdrawn; null: now, where the consent changes.</summary>
    public DateTimeOffset? ConsentAt { get; init; }
    public bool Active { get; init; } = true;
    public string? Notes { get; init; }

    internal async Task<Refusal?> ApplyAsync(PortalDbContext db, Contact contact, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(LastName) && string.IsNullOrWhiteSpace(FirstName)) { return CompanyRefusals.ContactNameMissing; }
        if (Words.TooLong((nameof(FirstName), FirstName, 80), (nameof(LastName), LastName, 80), (nameof(Salutation), Salutation, 20), (nameof(JobTitle), JobTitle, 120),
            (nameof(Department), Department, 80), (nameof(Phone), Phone, 40), (nameof(Mobile), Mobile, 40), (nameof(Notes), Notes, 4000)) is { } tooLong) { return tooLong; }

        (contact.FirstName, contact.LastName, contact.Salutation) = (FirstName ?? "", LastName ?? "", Words.OrNull(Salutation));
        (contact.JobTitle, contact.Department, contact.ManagerId) = (Words.OrNull(JobTitle), Words.OrNull(Department), ManagerId);
        (contact.Email, contact.Phone, contact.Mobile, contact.Language) = (Words.OrNull(Email), Words.OrNull(Phone), Words.OrNull(Mobile), Words.OrNull(Language));
        contact.ConsentAt = Consent is Consent.Unknown ? null : ConsentAt ?? (Consent == contact.Consent ? contact.ConsentAt : null) ?? db.Now;
        (contact.Consent, contact.Active, contact.Notes) = (Consent, Active, Words.OrNull(Notes));
        if (db.FirstOf(contact.Broken(db.Now), contact) is { } refusal) { return refusal; }
        if (contact.ManagerId is not { } manager || !db.IsChanged(contact, nameof(ManagerId))) { return null; }
        var charts = CompanyPointers.Charts();
        await charts.LoadAsync(db, [manager], wayUp: true, ct);
        return CompanyPointers.CheckManager(contact, charts);
    }
}

/// <summary>Adds a contact to a company or changes one. Consent is kept with its time.</summary>
public sealed class SaveContact(PortalDbContext db)
{
    /// <param name="Id">Null: a new one of <paramref name="CompanyId"/>, which otherwise does not count.</param>
    public sealed record Request(long? Id, long Version, long CompanyId, ContactDraft Draft);

    /// <returns>The saved contact, or one of <see cref="CompanyRefusals"/>.</returns>
    public async Task<Result<Contact>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var contact = request.Id is { } id
            ? await db.Contacts.FirstOrDefaultAsync(c => c.Id == id, ct)
            : await db.Companies.AnyAsync(c => c.Id == request.CompanyId, ct) ? new Contact { Id = db.Ids.Next(), CompanyId = request.CompanyId, FirstName = "", LastName = "" } : null;
        if (contact is null) { return CompanyRefusals.NotFound; }
        if (request.Id is not null && contact.Version != request.Version) { return CompanyRefusals.ChangedMeanwhile; }
        if (await request.Draft.ApplyAsync(db, contact, ct) is { } refusal)
        {
            db.ChangeTracker.Clear();
            return refusal;
        }
        if (request.Id is null) { db.Add(contact); }
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return CompanyRefusals.ChangedMeanwhile;
        }
        return contact;
    }
}
