namespace Portal.Web.Exchange;

/// <summary>What other systems call the fields of records. Only letters and digits count, in whatever case.</summary>
public static class ColumnNames
{
    /// <summary>By field, or by kind and field where the word means something else elsewhere.</summary>
    private static readonly Dictionary<string, string[]> s_names = Listed(
        ("code", "no nr number nummer 编号 编码"),
        ("company.code", "companyno companynumber customerno customernumber accountno accountnumber supplierno suppliernumber vendorno vendornumber debtorno kundennr kundennummer lieferantennr lieferantennummer 公司编号 客户编号 客户代码 供应商编号 供应商代码 经销商编号"),
        ("company.name", "company account organisation organization firm firma firmenname customer customername supplier suppliername vendor vendorname accountname 公司 公司名 客户 客户名称 企业名称 单位名称 供应商 供应商名称 经销商名称"),
        ("legalName", "registeredname legalentity 全称 公司全称 注册名称"), ("roles", "role type companytype accounttype customertype relationship typ kundentyp 客户类型 公司类型 类型"), ("taxId", "vat vatid vatno vatnumber taxno taxnumber ustid ustidnr gst 纳税人识别号 统一社会信用代码"),
        ("registrationId", "registrationno registrationnumber companyregistration hrb 工商注册号"), ("webDomain", "website web webpage homepage url domain internet 网站 网址 官网"), ("industry", "sector branch branche 所属行业"),
        ("employeeCount", "noofemployees numberofemployees headcount staff mitarbeiter 员工数 人数"), ("annualRevenue", "revenue turnover sales umsatz 营业额 年营业额"), ("foundedYear", "yearfounded established yearestablished gegründet 成立时间"),
        ("currency", "currencycode curr währung 货币 结算货币"), ("country", "countrycode countryregion land nation 国家 国别"), ("city", "town ort stadt 所在城市 市"), ("phone", "tel telephone telephonenumber phonenumber phoneno telefon 联系电话 电话号码"),
        ("email", "mail emailaddress 邮箱 邮箱地址 电邮 电子邮件"), ("region", "area 区域"), ("owner", "accountmanager accountowner salesrep salesperson salesagent responsible assignedto 业务员 销售员 销售代表 客户经理"),
        ("parent", "parentcompany parentaccount parentcategory group 母公司 上级公司 上级类别"), ("line1", "address address1 addressline1 street streetaddress strasse straße 地址 详细地址 街道"), ("line2", "address2 addressline2 地址2"),
        ("state", "province county stateprovince bundesland 省 省份"), ("postalCode", "zip zipcode postcode plz 邮编"), ("firstName", "givenname forename vorname 名字"), ("lastName", "surname familyname nachname 姓氏"),
        ("wholeName", "name fullname contact contactname contactperson ansprechpartner 姓名 联系人 联系人姓名"), ("otherName", "name"), ("salutation", "mrmrs anrede 称谓"), ("jobTitle", "title position function role funktion 职位 岗位"), ("department", "dept abteilung 所属部门"), ("manager", "supervisor boss reportsto 直属上级 主管"), ("mobile", "cell cellphone mobilephone mobileno handy 手机号 手机号码"),
        ("company", "account customer organisation organization firm firma companyname customername accountname 公司名称 客户 客户名称 单位"), ("consent", "optin newsletter 营销许可"), ("notes", "note remark remarks comment comments memo bemerkung 备注信息"),
        ("internalNotes", "note notes remark remarks comment comments memo bemerkung 备注"), ("description", "details longtext beschreibung 描述 详情"),
        ("product.code", "productcode productno sku item itemno itemcode itemnumber partno partnumber article articleno articlenumber material materialno artikelnummer artikelnr 产品编号 产品编码 产品代码 物料编码 物料号 货号 型号"),
        ("product.name", "product productname itemname articlename shorttext bezeichnung 产品 产品名称 品名 物料名称 商品名称"), ("category", "productgroup productcategory family warengruppe 分类 产品类别 产品分类"), ("unit", "uom unitofmeasure einheit me 计量单位"),
        ("listPrice", "price unitprice salesprice catalogprice preis 价格 单价 销售价 目录价"), ("standardCost", "cost unitcost costprice 成本 单位成本"), ("soldFrom", "launchdate validfrom 上市日期"), ("soldUntil", "endofsale endoflife validuntil validto 停售日期"),
        ("supplier", "vendor vendorname suppliername lieferant 供应商名称 供方"), ("product", "item article sku material productname artikel 产品名称 物料 商品 货品"), ("supplierCode", "supplierpartno supplieritemno vendorpartno vendoritemno orderno bestellnummer supplierscode 供方编号 供应商货号"),
        ("leadTimeDays", "leadtime deliverytime deliverydays lieferzeit 交货周期天 交期 交货期 交货周期"), ("minimumQuantity", "moq minqty minimumorderquantity minimumorder mindestmenge 最小订量 最小起订量 起订量 最小订货量"), ("multipleQuantity", "multipleof lotsize packsize packagingunit losgröße inmultiplesof 订货倍数 包装量 倍量"),
        ("standardPrice", "price unitprice purchaseprice preis einkaufspreis 价格 单价 采购价"), ("preferred", "preferredsupplier mainsupplier 首选供应商 主供应商"), ("active", "isactive enabled 是否启用 有效"),
        ("number", "no nr id opportunityno opportunitynumber dealid 商机编号 机会编号"), ("opportunity.title", "opportunity opportunityname deal dealname subject name topic 商机名称 机会名称 项目名称 主题"),
        ("customer", "account client accountname customername company companyname endcustomer kunde 客户名称 公司名称 最终客户"), ("partner", "channelpartner reseller dealer distributor servedby 服务伙伴 渠道伙伴 经销商 代理商"), ("stage", "salesstage phase dealstage 销售阶段 商机阶段"),
        ("probability", "chance likelihood winprobability 赢率 成功率 可能性"), ("amount", "value dealvalue dealamount expectedrevenue estimatedvalue betrag 预计金额 商机金额"), ("openedOn", "created createdon createddate opendate startdate 创建日期 创建时间"),
        ("closeDate", "expectedclose expectedclosedate closingdate closed closedon abschluss 成交日期 结单日期 预计签约日期"), ("source", "leadsource origin 商机来源 线索来源"), ("competitor", "competition maincompetitor 主要竞争对手"), ("outcomeReason", "reason lostreason winreason 原因 丢单原因"),
        ("quantity", "qty units amount pieces volume menge anzahl 件数"), ("unitPrice", "price preis 价格"), ("period", "week date day month weekof kw woche datum 日期 周 月份 时间"), ("batch", "delivery version report 批号 版本"), ("reporter", "reportedby sender 上报方"), ("site", "store location warehouse plant 门店 仓库 工厂"),
        ("team.leader", "manager head 主管 组长"), ("person.email", "login username user 账号"), ("person.name", "employee fullname salesperson 员工 员工姓名 姓名"));

    /// <summary>What stands behind the name of a record to say which of its fields is meant.</summary>
    private static readonly Dictionary<string, string[]> s_endings = Listed(("code", "code no nr number nummer id 代码 编号 编码"), ("name", "name 名称 姓名"), ("email", "email mail emailaddress 邮箱 电子邮箱"), ("number", "number no nr id 编号"));

    /// <returns>Letters and digits, small.</returns>
    public static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    /// <returns>Other names of the field; none of them is its own.</returns>
    public static IEnumerable<string> Of(string kind, string field) => [.. s_names.GetValueOrDefault($"{kind}.{field}", []), .. s_names.GetValueOrDefault(field, [])];

    /// <returns>What is behind the name of another record if this look-up field of it is meant.</returns>
    public static IEnumerable<string> Endings(string lookUp) => s_endings.GetValueOrDefault(lookUp, []);

    private static Dictionary<string, string[]> Listed(params ReadOnlySpan<(string Field, string Names)> fields)
    {
        var names = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (field, words) in fields) { names.Add(field, words.Split(' ')); }
        return names;
    }
}
