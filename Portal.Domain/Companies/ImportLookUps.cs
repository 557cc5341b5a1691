using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

/// <summary>What the rows of a batch point at, in one query for all of them; what the run itself would have made goes before what is there.</summary>
internal static class ImportLookUps
{
    /// <summary>More than a run needs at a time; what is forgotten is looked up again.</summary>
    private const int MostKnown = 50_000;

    extension(ImportBatch batch)
    {
        public Task LookUpCompaniesAsync(Dictionary<long, CompanyInRoles> known, int[] places, CancellationToken ct) =>
            batch.LookUpAsync(known, places, c => c.Id, ids => batch.Db.Companies.Where(c => EF.Parameter(ids).Contains(c.Id)).InRoles(), ct);

        public Task LookUpOwnersAsync(Dictionary<long, Owner> known, int[] places, CancellationToken ct) =>
            batch.LookUpAsync(known, places, p => p.Id, ids => batch.Db.People.Where(p => EF.Parameter(ids).Contains(p.Id)).AsOwners(), ct);

        /// <summary>Who stands above those that the rows put a record below: what is new stands above nobody yet, so only records that are there can close a circle.</summary>
        /// <param name="alsoAsked">Those of whom only the tree is asked in which they stand.</param>
        public async Task LookUpTreesAsync(Ancestry trees, int place, IEnumerable<long> alsoAsked, CancellationToken ct)
        {
            var there = batch.Items.Where(i => !i.IsNew && i[place] is long).ToList();
            var ids = there.Select(i => i[place]).OfType<long>().Concat(alsoAsked).Distinct().ToArray();
            foreach (var foreseen in batch.ForeseenOf<TreeNode>(ids)) { trees.Put(foreseen); }
            await trees.LoadAsync(batch.Db, ids, wayUp: there.Count > 0, ct);
        }

        /// <summary>Whether the row puts the record below itself; where not, it is about to stand there.</summary>
        /// <param name="pointer">The property that names the one above.</param>
        public bool ClosesCircle(Ancestry trees, Aggregate record, string pointer, long? above)
        {
            if (!batch.Db.IsChanged(record, pointer)) { return false; }
            if (trees.IsCircle(record.Id, above)) { return true; }
            trees.Put(new() { Id = record.Id, Above = above });
            return false;
        }

        private async Task LookUpAsync<T>(Dictionary<long, T> known, int[] places, Func<T, long> id, Func<long[], IQueryable<T>> query, CancellationToken ct)
        {
            if (known.Count > MostKnown) { known.Clear(); }
            var asked = batch.Items.SelectMany(i => places.Select(place => i[place])).OfType<long>().Where(x => !known.ContainsKey(x)).Distinct().ToArray();
            foreach (var found in asked.Length == 0 ? [] : await query(asked).ToListAsync(ct)) { known[id(found)] = found; }
            foreach (var foreseen in batch.ForeseenOf<T>(asked)) { known[id(foreseen)] = foreseen; }
        }
    }
}
