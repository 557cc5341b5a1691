using Portal.Domain.Access;

namespace Portal.Web.Demo;

/// <summary>Somebody who works in the demo house or for one of its partners.</summary>
/// <param name="Company">Code of the partner company; null for staff.</param>
/// <param name="Manager">E-mail of the person above.</param>
/// <param name="LogsIn">Whether an account is made.</param>
public sealed record DemoPerson(
    string Email, string Name, string JobTitle, string[] Functions, string Language = "en", string TimeZone = "Europe/Berlin",
    string? Company = null, string? Team = null, string? Manager = null, string[]? Territories = null, bool LogsIn = true);

/// <summary>Who can log in to a demo house. In Development only: everybody knows the password.</summary>
public static class DemoPeople
{
    public const string Password = "Portal-Demo-2026!";

    internal const string Europe = "Sales Europe";
    internal const string China = "Sales China 中国销售部";
    internal const string Channel = "Channel 渠道部";
    internal const string Supply = "Procurement 采购部";
    internal const string Care = "Customer care 客户服务部";

    public static readonly IReadOnlyList<DemoPerson> All =
    [
        new("manager@portal.example", "Henrik Aldersen", "Managing director", [Functions.Manager]),
        new("admin@portal.example", "Ada Sommerfeld", "Administrator", [Functions.Administrator], Manager: "manager@portal.example"),
        new("salesmanager@portal.example", "Marta Kellermann", "Head of sales", [Functions.SalesManager], Team: Europe, Manager: "manager@portal.example"),
        new("sales@portal.example", "Lukas Brandauer", "Key account manager", [Functions.Sales], Team: Europe, Manager: "salesmanager@portal.example", Territories: ["EU-CENTRAL", "EU-NORTH"]),
        new("sales.west@portal.example", "Anna Kowalewicz", "Area sales manager", [Functions.Sales], Team: Europe, Manager: "salesmanager@portal.example", Territories: ["EU-WEST", "EU-SOUTH"], LogsIn: false),
        new("sales.china@portal.example", "李娜", "中国区销售经理", [Functions.SalesManager], "zh-Hans", "Asia/Shanghai", Team: China, Manager: "salesmanager@portal.example", Territories: ["CN-EAST"], LogsIn: false),
        new("sales.shenzhen@portal.example", "赵伟", "大客户经理", [Functions.Sales], "zh-Hans", "Asia/Shanghai", Team: China, Manager: "sales.china@portal.example", Territories: ["CN-SOUTH", "CN-NORTH"], LogsIn: false),
        new("procurement@portal.example", "陈静", "采购经理", [Functions.Procurement], "zh-Hans", "Asia/Shanghai", Team: Supply, Manager: "manager@portal.example"),
        new("channel@portal.example", "Sofia Lindqvall", "Channel manager", [Functions.ChannelManager], Team: Channel, Manager: "salesmanager@portal.example"),
        new("marketing@portal.example", "Julien Moretti", "Head of marketing", [Functions.Marketing], Manager: "manager@portal.example"),
        new("service@portal.example", "王磊", "服务主管", [Functions.Service, Functions.Support], "zh-Hans", "Asia/Shanghai", Team: Care, Manager: "manager@portal.example"),
        new("supplier.admin@alpine.example", "Reto Freimann", "Head of customer service", [Functions.PartnerAdmin, Functions.SupplierPerson], TimeZone: "Europe/Zurich", Company: "ALPINE"),
        new("supplier@alpine.example", "Nina Caduffer", "Production planner", [Functions.SupplierPerson], TimeZone: "Europe/Zurich", Company: "ALPINE", Manager: "supplier.admin@alpine.example"),
        new("distributor.admin@bayside.example", "孙海涛", "总经理", [Functions.PartnerAdmin, Functions.DistributorPerson], "zh-Hans", "Asia/Shanghai", "BAYSIDE"),
        new("distributor@bayside.example", "周敏", "商务专员", [Functions.DistributorPerson], "zh-Hans", "Asia/Shanghai", "BAYSIDE", Manager: "distributor.admin@bayside.example"),
        new("reseller.admin@cascade.example", "Paul Martigny", "Managing partner", [Functions.PartnerAdmin, Functions.ResellerPerson], TimeZone: "Europe/Paris", Company: "CASCADE"),
        new("reseller@cascade.example", "Ines Duartez", "Sales engineer", [Functions.ResellerPerson], TimeZone: "Europe/Paris", Company: "CASCADE", Manager: "reseller.admin@cascade.example"),
        new("reseller@dune.example", "Omar Haddadi", "Sales engineer", [Functions.ResellerPerson], TimeZone: "Europe/Madrid", Company: "DUNE"),
    ];

    public static IEnumerable<DemoPerson> WhoLogIn => All.Where(p => p.LogsIn);
}
