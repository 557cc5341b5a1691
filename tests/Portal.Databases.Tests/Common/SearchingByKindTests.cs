using Microsoft.EntityFrameworkCore;
using Portal.Databases.Tests.Sales;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.PostgreSql;
using Portal.Sqlite;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Common;

public sealed class SearchingByKindTests
{
    [Theory, OnEachEngine]
    public async Task The_index_leads_to_records_of_the_kind_alone_through_every_change(string engine)
    {
        await using var house = await PortalTestDb.OnAsync(engine);
        var company = new Company { Id = house.Ids.Next(), Code = "JUNIPER", Name = "Juniper Tools" };
        var product = new Product { Id = house.Ids.Next(), Code = "P1", Name = "Juniper pump" };
        await using (var db = house.System())
        {
            db.AddRange(company, product);
            await db.SaveChangesAsync();
            Assert.Equal([company.Id], await FoundAsync<Company>(db, "juniper"));
            Assert.Equal([product.Id], await FoundAsync<Product>(db, "juniper"));
            Assert.Empty(await FoundAsync<Contact>(db, "juniper"));
            company.Name = "Cedar Tools";
            company.Code = "CEDAR";
            await db.SaveChangesAsync();
        }
        await using (var db = house.System())
        {
            Assert.Empty(await FoundAsync<Company>(db, "juniper"));
            Assert.Equal([company.Id], await FoundAsync<Company>(db, "cedar"));
            db.Remove(await db.Products.SingleAsync(p => p.Id == product.Id));
            await db.SaveChangesAsync();
            Assert.Empty(await FoundAsync<Product>(db, "juniper"));
            Assert.Empty(await db.Engine.ProblemsAsync(db, default));
        }
    }

    [Theory, OnEachEngine]
    public async Task Records_read_as_another_type_are_found_by_their_own_lines(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opportunity = await house.OpenAsync(house.Ann);
        await house.ShareAsync(opportunity.Id, ScopeKeys.Company(house.Cascade.Id), FieldSet.Full, GrantActions.Read);
        await using var cascade = await house.AsAsync(house.Cascade);
        Assert.Equal([opportunity.Id], await cascade.OpportunitiesInFull.Matching(cascade, "pumps").Select(o => o.Id).ToListAsync());
    }

    [Fact]
    public void What_people_type_cannot_name_a_kind() => Assert.DoesNotContain(SearchGrams.OfKind("Company"), SearchGrams.Query(SearchText.Normalize("__company __Company")));

    [Fact]
    public void Every_kind_of_record_has_a_mark_of_its_own()
    {
        var kinds = typeof(ISearchable).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(ISearchable)) && t != typeof(OpportunityInFull)).ToList();
        Assert.NotEmpty(kinds);
        Assert.Equal(kinds.Count, kinds.Select(t => SearchEndings.Mark(t.Name)).Distinct().Count());
    }

    [Theory, OnEachEngine]
    public async Task Any_part_of_any_text_is_found_and_nothing_else(string engine)
    {
        await using var house = await PortalTestDb.OnAsync(engine);
        var random = new Random(20_261_122);
        var names = Enumerable.Range(0, 150).Select(_ => Words(random)).ToList();
        await using var db = house.System();
        db.AddRange(names.Select((name, n) => new Company { Id = house.Ids.Next(), Code = $"#{n}", Name = name }));
        await db.SaveChangesAsync();
        var texts = await db.Companies.ToDictionaryAsync(c => c.Id, c => SearchText.Normalize(((ISearchable)c).SearchText));
        for (var round = 0; round < 200; round++)
        {
            var whole = names[random.Next(names.Count)];
            var from = random.Next(whole.Length);
            var query = random.Next(5) == 0 ? Words(random) : whole.Substring(from, Math.Min(whole.Length - from, random.Next(1, 25)));
            var expected = texts.Where(t => Holds(t.Value, SearchText.Normalize(query))).Select(t => t.Key).Order().ToList();
            var found = await db.Companies.Matching(db, query).Select(c => c.Id).ToListAsync();
            Assert.True(expected.SequenceEqual(found.Order()), $"'{query}' found {found.Count} of {expected.Count}");
        }

        static bool Holds(string text, string query)
        {
            var words = SearchText.Words(query).ToList();
            return words.Count > 0 && words.All(word => SearchText.Words(text).Any(w => word.Length < 3 && !SearchText.IsHan(word[0]) ? w.StartsWith(word, StringComparison.Ordinal) : w.Contains(word, StringComparison.Ordinal)));
        }
    }

    /// <summary>Few letters, so that parts meet by chance; words that are longer than what an index holds of them; Chinese and Latin next to each other.</summary>
    private static string Words(Random random)
    {
        string[] letters = ["a", "b", "c", "é", "3", "中", "国", "水", "泵", "-", " "];
        var length = random.Next(1, 40);
        var text = string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(2) == 0 ? random.Next(3) : random.Next(letters.Length)]));
        return text.Trim() is { Length: > 0 } words && SearchText.Words(SearchText.Normalize(words)).Any() ? words : "abc";
    }

    /// <summary>What the index itself finds.</summary>
    private static Task<List<long>> FoundAsync<T>(PortalDbContext db, string word) => db.Engine.Match(db, typeof(T).Name, word).ToListAsync();
}
