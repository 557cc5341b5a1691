using Portal.Domain.Access;
using Portal.Web.Pages.Catalog.Partner;

namespace Portal.Web.Api.Catalog;

public static class CatalogApi
{
    public static readonly IReadOnlyList<ApiRecords> Records =
    [
        ApiRecords.Of("/products", Permissions.ViewProducts, ApiScopes.ProductsRead, Pages.Catalog.Products.IndexModel.Definition)
            .Called("unit", "unitOfMeasure").Called("price", "listPrice").Called("cost", "standardCost").Versioned(p => p.Version)
            .With(more => more.Text("description", p => p.Description)),
        ApiRecords.Of("/partner/products", Permissions.PartnerRange, ApiScopes.ProductsRead, ProductsModel.Range).OfferedTo(ProductsModel.SellsRange)
            .Called("unit", "unitOfMeasure").Called("price", "listPrice"),
        ApiRecords.Of("/partner/supplier-items", Permissions.PartnerItems, ApiScopes.ProductsRead, ProductsModel.Supplied)
            .Called("name", "productName").Called("code", "productCode").Called("own-code", "supplierCode").Called("unit", "unitOfMeasure").Called("lead-time", "leadTimeDays")
            .Called("minimum", "minimumOrderQuantity").Called("multiple", "orderMultiple").Called("price", "standardPrice"),
    ];
}
