using Microsoft.EntityFrameworkCore;
using Portal.Databases.Tests.Supply;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Supply;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Catalog;

public sealed class SavingProductsTests
{
    [Theory, OnEachEngine]
    public async Task A_code_belongs_to_one_product(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await using var db = world.Staff(Functions.Procurement);
        var save = new SaveProduct(db);
        Assert.Equal(CatalogRefusals.CodeTaken("P1"), (await save.ExecuteAsync(new(null, null, " P1 ", "Another"), default)).Refusal);
        Assert.Equal(CatalogRefusals.CodeTaken("P2"), (await save.ExecuteAsync(new(world.Pump.Id, 1, "P2", "Pump"), default)).Refusal);
        var saved = await save.ExecuteAsync(new(null, null, "P9", " 水泵 ", ListPrice: 12.34567m), default);
        Assert.Equal(("水泵", 12.3457m, 1L), (saved.Value.Name, saved.Value.ListPrice, saved.Value.Version));
    }

    [Theory, OnEachEngine]
    public async Task A_unit_is_chosen_and_a_word_from_before_stays_until_somebody_chooses(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await using (var system = world.System())
        {
            (await system.Products.SingleAsync(p => p.Id == world.Pump.Id)).Unit = "Harass";
            await system.SaveChangesAsync();
        }
        await using var db = world.Staff(Functions.Procurement);
        var save = new SaveProduct(db);
        Assert.Equal(CatalogRefusals.UnitUnknown, (await save.ExecuteAsync(new(null, null, "P9", "Product", Unit: "Harass"), default)).Refusal);
        Assert.Equal("KGM", (await save.ExecuteAsync(new(null, null, "P9", "Product", Unit: "kg"), default)).Value.Unit);
        Assert.Equal("Harass", (await save.ExecuteAsync(new(world.Pump.Id, null, "P1", "Pump", Unit: "Harass"), default)).Value.Unit);
        Assert.Equal("BOX", (await save.ExecuteAsync(new(world.Pump.Id, null, "P1", "Pump", Unit: "BOX"), default)).Value.Unit);
    }

    [Theory, OnEachEngine]
    public async Task A_product_that_somebody_saved_meanwhile_is_not_overwritten(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await using var db = world.Staff(Functions.Procurement);
        var save = new SaveProduct(db);
        Assert.True((await save.ExecuteAsync(new(world.Pump.Id, 1, "P1", "Pump II"), default)).Succeeded);
        Assert.Equal(CatalogRefusals.Changed, (await save.ExecuteAsync(new(world.Pump.Id, 1, "P1", "Pump III"), default)).Refusal);
        Assert.Equal(CatalogRefusals.NotFound, (await save.ExecuteAsync(new(4711, 1, "P1", "Pump"), default)).Refusal);
    }

    [Theory, OnEachEngine]
    public async Task Categories_nest_but_not_in_themselves(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await using var db = world.Staff(Functions.Procurement);
        var save = new SaveCategory(db);
        var pumps = (await save.ExecuteAsync(new(null, null, "PU", "Pumps"), default)).Value;
        var small = (await save.ExecuteAsync(new(null, null, "PS", "Small pumps", pumps.Id), default)).Value;
        Assert.Equal(CatalogRefusals.ParentBelow, (await save.ExecuteAsync(new(pumps.Id, null, "PU", "Pumps", small.Id), default)).Refusal);
        Assert.Equal(CatalogRefusals.ParentUnknown, (await save.ExecuteAsync(new(null, null, "PX", "x", 4711), default)).Refusal);
        Assert.Equal(CatalogRefusals.CategoryCodeTaken("PU"), (await save.ExecuteAsync(new(null, null, "PU", "x"), default)).Refusal);
        Assert.Equal(CatalogRefusals.CategoryUnknown, (await new SaveProduct(db).ExecuteAsync(new(null, null, "P9", "x", CategoryId: 4711), default)).Refusal);
    }

    [Theory, OnEachEngine]
    public async Task A_category_goes_once_nothing_belongs_to_it(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await using var db = world.Staff(Functions.Procurement);
        var save = new SaveCategory(db);
        var pumps = (await save.ExecuteAsync(new(null, null, "PU", "Pumps"), default)).Value;
        var small = (await save.ExecuteAsync(new(null, null, "PS", "Small pumps", pumps.Id), default)).Value;
        var product = (await new SaveProduct(db).ExecuteAsync(new(null, null, "P9", "Hand pump", CategoryId: small.Id), default)).Value;
        Assert.Equal(CatalogRefusals.CategoryInUse, await save.RemoveAsync(pumps.Id, default));
        Assert.Equal(CatalogRefusals.CategoryInUse, await save.RemoveAsync(small.Id, default));
        Assert.True((await new SaveProduct(db).ExecuteAsync(new(product.Id, null, "P9", "Hand pump"), default)).Succeeded);
        Assert.Null(await save.RemoveAsync(small.Id, default));
        Assert.Null(await save.RemoveAsync(pumps.Id, default));
        Assert.Equal(CatalogRefusals.CategoryNotFound, await save.RemoveAsync(pumps.Id, default));
    }

    [Theory, OnEachEngine]
    public async Task A_circle_that_an_import_left_behind_is_walked_once(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await using var db = world.Staff(Functions.Procurement);
        var save = new SaveCategory(db);
        var (pumps, small) = ((await save.ExecuteAsync(new(null, null, "PU", "Pumps"), default)).Value, (await save.ExecuteAsync(new(null, null, "PS", "Small pumps"), default)).Value);
        (pumps.ParentId, small.ParentId) = (small.Id, pumps.Id);
        await db.SaveChangesAsync();

        Assert.True((await save.ExecuteAsync(new(null, null, "PX", "Below the circle", pumps.Id), default)).Succeeded);
        Assert.Equal(CatalogRefusals.ParentBelow, (await save.ExecuteAsync(new(small.Id, null, "PS", "Small pumps", pumps.Id), default)).Refusal);
        Assert.True((await save.ExecuteAsync(new(small.Id, null, "PS", "Small pumps", null), default)).Succeeded);
    }

    [Theory, OnEachEngine]
    public async Task A_supplier_makes_a_product_once_and_one_supplier_is_preferred(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await using var db = world.Staff(Functions.Procurement);
        var save = new SaveSupplierItem(db);
        Assert.Equal(SupplyRefusals.ItemTaken, (await save.ExecuteAsync(new(null, null, world.Alpine.Id, world.Pump.Id), default)).Refusal);
        Assert.Equal(SupplyRefusals.SupplierUnknown, (await save.ExecuteAsync(new(null, null, world.Bayside.Id, world.Pump.Id), default)).Refusal);
        Assert.Equal(SupplyRefusals.ProductUnknown, (await save.ExecuteAsync(new(null, null, world.Alpine.Id, 4711), default)).Refusal);
        var first = await db.SupplierItems.SingleAsync(i => i.ProductId == world.Pump.Id);
        Assert.True((await save.ExecuteAsync(new(first.Id, 1, 0, 0, Preferred: true), default)).Succeeded);
        Assert.True((await save.ExecuteAsync(new(null, null, world.Elm.Id, world.Pump.Id, Preferred: true), default)).Succeeded);
        Assert.Equal([world.Elm.Id], await db.SupplierItems.Where(i => i.ProductId == world.Pump.Id && i.Preferred).Select(i => i.SupplierId).ToListAsync());
    }
}
