using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;

namespace Portal.Domain.Persistence;

public static class Search
{
    extension<T>(IQueryable<T> records) where T : class, ISearchable
    {
        /// <summary>
        /// Records in which every word of the query occurs: any part of a word from three letters, Chinese words from one character, beginnings of words
        /// below that. An empty query finds nothing.
        /// </summary>
        /// <param name="db">The context that <paramref name="records"/> come from.</param>
        public IQueryable<T> Matching(PortalDbContext db, string? query)
        {
            var normalized = SearchText.Normalize(query ?? "");
            if (!SearchText.Words(normalized).Any()) { return records.Where(_ => false); }
            var hits = db.Engine.Match(db, T.SearchedAs ?? typeof(T).Name, normalized);
            return records.Where(r => hits.Contains(r.Id));
        }
    }
}
