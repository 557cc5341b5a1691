using Portal.Domain.Common;

namespace Portal.Domain.Catalog;

public enum Lifecycle { Planned, Active, PhaseOut, Discontinued }

/// <summary>A group of products; groups nest.</summary>
public sealed class ProductCategory : Aggregate
{
    public const int CodeLength = 60;
    public const int NameLength = 120;

    public required string Code { get; set => field = value.Trim(); }
    public required string Name { get; set => field = value.Trim(); }
    public long? ParentId { get; set; }
}

/// <summary>What the house sells or buys.</summary>
public sealed class Product : Aggregate, ISearchable
{
    public const int CodeLength = 60;
    public const int NameLength = 200;
    public const int DescriptionLength = 4000;
    public const int UnitLength = 12;

    /// <summary>The house's item number, unique; as written, zeros included.</summary>
    public required string Code { get; set => field = value.Trim(); }
    public required string Name { get; set => field = value.Trim(); }
    public string? Description { get; set; }
    public long? CategoryId { get; set; }
    /// <summary>Unit of measure, a code of <see cref="Units"/>, or the word that the product got before units were a choice.</summary>
    public string Unit { get; set; } = Units.Piece;
    public Lifecycle Lifecycle { get; set; } = Lifecycle.Active;
    public decimal? ListPrice { get; set; }
    /// <summary>ISO 4217, of <see cref="ListPrice"/>.</summary>
    public string Currency { get; set; } = "EUR";
    /// <summary>Staff only.</summary>
    public decimal? StandardCost { get; set; }
    public DateOnly? SoldFrom { get; set; }
    public DateOnly? SoldUntil { get; set; }

    /// <summary>The last day of sale is not before the first.</summary>
    public static Refusal? CheckSale(DateOnly? from, DateOnly? until) => until < from ? CatalogRefusals.SoldUntilTooEarly : null;

    string ISearchable.SearchText => string.Join(' ', Name, Code, Description);
}
