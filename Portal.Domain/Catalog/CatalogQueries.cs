namespace Portal.Domain.Catalog;

/// <summary>What a partner that sells reads of a product. Cost and suppliers have no place in this type.</summary>
public sealed record ProductForPartner(long Id, string Code, string Name, string Unit, Lifecycle Lifecycle, decimal? ListPrice, string Currency, string? Category);
