using Portal.Domain.Access;
using Portal.Identity.Accounts;

namespace Portal.Web.Access;

/// <summary>The account with which a person logs in, where the portal's own provider keeps it.</summary>
internal static class AccountOfPerson
{
    extension(Person person)
    {
        /// <summary>Null where another provider keeps the account, or nobody has one yet.</summary>
        public string? OwnSubject => person.Issuer == Account.OwnIssuer ? person.Subject : null;

        /// <summary>Has the account follow the person just saved: it takes over language and time zone, and whoever may not come in is logged out everywhere.</summary>
        /// <param name="wasActive">Before the save: an account changes its state only where the person's changed.</param>
        public async Task HaveAccountFollowAsync(AccountLife life, bool wasActive, CancellationToken ct)
        {
            if (person.OwnSubject is not { } subject) { return; }
            await life.ChooseLanguageAsync(subject, person.Language, person.TimeZone, ct);
            // The portal itself lets nobody in from the save on, in any case.
            if (wasActive != person.Active) { await (person.Active ? life.EnableAsync(subject, ct) : life.DisableAsync(subject, ct)); }
        }
    }
}
