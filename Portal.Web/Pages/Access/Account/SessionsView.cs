using Portal.Identity.Accounts;
using Portal.Identity.Sessions;

namespace Portal.Web.Pages.Access.Account;

/// <summary>Where somebody is logged in and what happened at the door, for the person and for an administrator alike.</summary>
/// <param name="Current">The session of whoever looks; it is ended by logging out.</param>
/// <param name="MayEnd">Whether the buttons are offered.</param>
public sealed record SessionsView(IReadOnlyList<SessionLine> Sessions, IReadOnlyList<SignInLogLine> Log, string? Current, bool MayEnd);
