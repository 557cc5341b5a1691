using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Catalog.Categories;

[Authorize(Policy = Permissions.EditProducts)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<ProductCategory, ProductCategory> Definition = ListDefinition.Of<ProductCategory, CatalogText>("categories", "category")
        .Row("/products/categories/{id}/edit")
        .Text("name", c => c.Name, sort: c => c.Name)
        .Text("code", c => c.Code, sort: c => c.Code)
        .Text("parent", c => Seen.Of<ProductCategory>().Where(p => p.Id == c.ParentId).Select(p => p.Name).FirstOrDefault())
        .Number("products", c => Seen.Of<Product>().Count(p => p.CategoryId == c.Id))
        .OrderBy("name")
        .WhenEmpty(new EmptyList("category", "category.list.empty", "category.create.title", "/products/categories/create", Permissions.EditProducts));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
