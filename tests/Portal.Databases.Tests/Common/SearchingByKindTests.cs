using Microsoft.EntityFrameworkCore;
using Portal.Databases.Tests.Sales;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
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
    public void What_people_type_cannot_name_a_kind() => Assert.DoesNotContain(SearchText.KindGram("Company"), SearchText.Query(SearchText.Normalize("__company __Company")));

    /// <summary>What the index itself finds, before the words are compared.</summary>
    private static Task<List<long>> FoundAsync<T>(PortalDbContext db, string word) =>
        db.Engine.Match(db.Set<SearchEntry>(), [.. SearchText.Query(word), SearchText.KindGram(typeof(T).Name)]).Select(line => line.Id).ToListAsync();
}
