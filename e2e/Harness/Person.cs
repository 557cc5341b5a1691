namespace Portal.E2E.Harness;

/// <summary>Somebody of the demo data.</summary>
public sealed record Person(string Email)
{
    /// <summary>Of every demo person; demo data exist in Development only.</summary>
    public const string Password = "Portal-Demo-2026!";

    public static readonly Person Admin = new("admin@portal.example");
    public static readonly Person Sales = new("sales@portal.example");
    public static readonly Person SalesManager = new("salesmanager@portal.example");
    public static readonly Person Procurement = new("procurement@portal.example");
    public static readonly Person Channel = new("channel@portal.example");
    public static readonly Person Marketing = new("marketing@portal.example");
    public static readonly Person Service = new("service@portal.example");
    public static readonly Person Manager = new("manager@portal.example");
    public static readonly Person SupplierAdmin = new("supplier.admin@alpine.example");
    public static readonly Person Supplier = new("supplier@alpine.example");
    public static readonly Person DistributorAdmin = new("distributor.admin@bayside.example");
    public static readonly Person Distributor = new("distributor@bayside.example");
    public static readonly Person ResellerAdmin = new("reseller.admin@cascade.example");
    public static readonly Person Reseller = new("reseller@cascade.example");
    public static readonly Person RivalReseller = new("reseller@dune.example");

    public static readonly Person[] All =
    [
        Admin, Sales, SalesManager, Procurement, Channel, Marketing, Service, Manager,
        SupplierAdmin, Supplier, DistributorAdmin, Distributor, ResellerAdmin, Reseller, RivalReseller,
    ];

    /// <summary>The address in the form that a file name takes.</summary>
    public string Slug => Email.Replace('@', '-').Replace(".example", "", StringComparison.Ordinal);
}
