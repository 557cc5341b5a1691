using Portal.Domain.Exchange;
using Portal.Web.Exchange;
using Xunit;

namespace Portal.Web.Tests.Exchange;

/// <summary>Columns of files as other systems write them: which field each fills, and how dates and numbers are to be read.</summary>
public sealed class MappingByHandTests
{
    private static readonly Importer s_importer = new(ImportTargets.All);

    private static ColumnMapping Guess(string kind, string columns, params object?[] cells) => ColumnMapping.Guess(s_importer.Targets[kind], columns.Split(','), s_importer.Schemas, ImportWords.Labels, _ => cells);

    /// <summary>The fields that found a column, with the look-up of those that point at others.</summary>
    private static string Found(string kind, string columns)
    {
        var mapping = Guess(kind, columns);
        return string.Join(' ', s_importer.Targets[kind].Fields.Where(f => mapping.ColumnOf(f.Name) is not null).Select(f => $"{f.Name}={mapping.ColumnOf(f.Name)}{(f.Refers is null ? "" : $"({mapping.By[f.Name]})")}"));
    }

    [Theory]
    [InlineData("company", "Customer No.,Customer name,VAT no.,Website,Account Manager,Country/Region", "code=Customer No. name=Customer name taxId=VAT no. webDomain=Website country=Country/Region owner=Account Manager(name)")]
    [InlineData("company", "Kundennummer,Firma,Ort,Land,Umsatz,Mitarbeiter", "code=Kundennummer name=Firma employeeCount=Mitarbeiter annualRevenue=Umsatz country=Land city=Ort")]
    [InlineData("company", "客户编号,客户名称,客户类型,国家,城市,业务员", "code=客户编号 name=客户名称 roles=客户类型 country=国家 city=城市 owner=业务员(name)")]
    [InlineData("company", "公司代码,公司名称,电子邮箱", "code=公司代码 name=公司名称 email=电子邮箱")]
    [InlineData("contact", "Account Name,Given Name,Surname,Title,E-Mail,Cell", "company=Account Name(name) firstName=Given Name lastName=Surname jobTitle=Title email=E-Mail mobile=Cell")]
    [InlineData("contact", "公司编号,姓,名,职位,手机号码", "company=公司编号(code) firstName=名 lastName=姓 jobTitle=职位 mobile=手机号码")]
    [InlineData("contact", "Company,Contact person,E-mail", "company=Company(name) firstName=Contact person lastName=Contact person email=E-mail")]
    [InlineData("contact", "客户名称,姓名,手机", "company=客户名称(name) firstName=姓名 lastName=姓名 mobile=手机")]
    [InlineData("contact", "Firma,Vorname,Name", "company=Firma(name) firstName=Vorname lastName=Name")]
    [InlineData("product", "SKU,Description,Product name,UoM,Price,Product group", "code=SKU name=Product name description=Description category=Product group(name) unit=UoM listPrice=Price")]
    [InlineData("supplier-item", "Vendor No,SKU,Vendor item no,Lead time,MOQ,Price", "supplier=Vendor No(code) product=SKU(code) supplierCode=Vendor item no leadTimeDays=Lead time minimumQuantity=MOQ standardPrice=Price")]
    [InlineData("supplier-item", "Product,Item number,Supplier,Supplier’s code,Lead time (days),Minimum quantity,In multiples of,Standard price,Currency,Preferred",
        "supplier=Supplier(name) product=Item number(code) supplierCode=Supplier’s code leadTimeDays=Lead time (days) minimumQuantity=Minimum quantity multipleQuantity=In multiples of standardPrice=Standard price currency=Currency preferred=Preferred")]
    [InlineData("supplier-item", "产品,产品编号,供应商,供应商编号,交货周期（天）,最小订量,订货倍数,标准价格,币种,首选",
        "supplier=供应商(name) product=产品编号(code) supplierCode=供应商编号 leadTimeDays=交货周期（天） minimumQuantity=最小订量 multipleQuantity=订货倍数 standardPrice=标准价格 currency=币种 preferred=首选")]
    [InlineData("opportunity", "Deal ID,Opportunity Name,Account Name,Sales Stage,Value,Expected Close,Owner email", "number=Deal ID title=Opportunity Name customer=Account Name(name) owner=Owner email(email) stage=Sales Stage(name) amount=Value closeDate=Expected Close")]
    [InlineData("demand", "Product code,Customer code,Week,Qty", "product=Product code(code) company=Customer code(code) period=Week quantity=Qty")]
    public void Columns_are_known_by_the_names_that_other_systems_give_them(string kind, string columns, string found) => Assert.Equal(found, Found(kind, columns));

    [Fact]
    public void A_fields_own_name_goes_before_names_of_other_systems_and_no_column_fills_two_fields()
    {
        Assert.Equal("code=Code name=Name", Found("company", "Customer No.,Code,Company,Name"));
        Assert.Equal("company=Company(name) lastName=Last name", Found("contact", "Account,Company,Surname,Last name"));
    }

    [Fact]
    public void An_owner_is_looked_up_by_what_the_column_holds()
    {
        Assert.Equal("name", Guess("company", "Code,Name,Owner", "Ada Example").By["owner"]);
        Assert.Equal("email", Guess("company", "Code,Name,Owner", "ada@house.example").By["owner"]);
    }

    [Theory]
    [InlineData("company", "Id,Code,Name", "Id")]
    [InlineData("company", "Company ID,Code,Name", "Company ID")]
    [InlineData("company", "Name,Customer No", "Customer No")]
    [InlineData("contact", "Company,Last name,E-mail", "E-mail")]
    [InlineData("supplier-item", "Supplier,SKU,Price", null)]
    public void What_tells_records_apart_is_found(string kind, string columns, string? key) => Assert.Equal(key, Guess(kind, columns).Key);

    [Fact]
    public void Contacts_are_told_apart_by_their_addresses_only_where_each_has_one()
    {
        Assert.Equal("E-mail", Guess("contact", "Company,Last name,E-mail", "a@acme.example", "b@acme.example").Key);
        Assert.Null(Guess("contact", "Company,Last name,E-mail", "a@acme.example", null).Key);
    }

    [Theory]
    [InlineData("2026-03-04,2026/12/31", DateOrder.YearFirst)]
    [InlineData("", DateOrder.YearFirst)]
    [InlineData("03/04/2026,31/12/2026", DateOrder.DayFirst)]
    [InlineData("03/04/2026,12/31/2026 14:00", DateOrder.MonthFirst)]
    [InlineData("3.4.2026", DateOrder.DayFirst)]
    [InlineData("03/04/2026,05/06/2026", null)]
    [InlineData("31/12/2026,12/31/2026", null)]
    public void Whether_day_or_month_comes_first_is_told_only_where_it_is_certain(string cells, DateOrder? order) => Assert.Equal(order, FileWriting.Dates(cells.Split(',')));

    [Theory]
    [InlineData("12|1234.50", DecimalMark.Point)]
    [InlineData("", DecimalMark.Point)]
    [InlineData("1,234|1,234.50", DecimalMark.Point)]
    [InlineData("1.234|1.234,50", DecimalMark.Comma)]
    [InlineData("1 234,5", DecimalMark.Comma)]
    [InlineData("0,500", DecimalMark.Comma)]
    [InlineData("1.234.567", DecimalMark.Comma)]
    [InlineData("1.234|12", null)]
    [InlineData("1,234", null)]
    [InlineData("1.5|1,5", null)]
    public void Which_mark_parts_decimals_is_told_only_where_it_is_certain(string cells, DecimalMark? mark) => Assert.Equal(mark, FileWriting.Numbers(cells.Split('|')));

    [Fact]
    public void Words_are_known_as_pages_call_them_in_every_language()
    {
        var roles = ImportWords.Of(s_importer.Targets["company"].Fields.Single(f => f.Name == "roles")).ToLookup(w => w.Word, w => w.Label);
        Assert.Contains("客户", roles["Customer"]);
        Assert.Contains("Channel partner", roles["ChannelPartner"]);
        Assert.All(s_importer.Targets.Values.SelectMany(t => t.Fields).Where(f => f.Words.Count > 0), field => Assert.All(field.Words, word => Assert.True(ImportWords.Of(field).Any(w => w.Word == word), $"{field.Name}: {word} has no name on pages")));
    }
}
