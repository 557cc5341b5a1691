using Portal.Web.Access;

namespace Portal.Web.Ui.Lists;

/// <summary>
/// For a day a list offers its reader's last bulk change to be taken back. A cookie says that there may be one, so that a list in whose browser nothing was changed asks
/// the database nothing more.
/// </summary>
public static class UndoOffer
{
    internal static readonly TimeSpan Age = TimeSpan.FromDays(1);

    extension(ListDefinition list)
    {
        /// <summary>After a bulk change.</summary>
        public void OfferUndo(HttpContext http) => SiteCookies.Keep(http, list.UndoCookie, "1", Age);

        /// <summary>After it was taken back.</summary>
        public void EndUndo(HttpContext http) => SiteCookies.Forget(http, list.UndoCookie);

        /// <summary>The note right after a change offers the same.</summary>
        internal bool MayOfferUndo(HttpContext http) =>
            list.UndoHandler is not null && SiteCookies.Read(http, list.UndoCookie) is not null && SiteCookies.Read(http, SiteCookies.Note) is null && ViewingAs.Of(http) is null;
    }
}
