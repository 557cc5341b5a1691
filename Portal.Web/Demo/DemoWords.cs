using Portal.Domain.Companies;

namespace Portal.Web.Demo;

/// <summary>A word in both languages of the house.</summary>
internal readonly record struct Words(string En, string Zh)
{
    public string In(bool chinese) => chinese ? Zh : En;
    public override string ToString() => $"{En} {Zh}";
}

/// <summary>A Chinese word with its Latin spelling.</summary>
internal readonly record struct Han(string Text, string Pinyin);

internal sealed record Land(string Code, string Form, string Territory, string Currency, string Dial, string Street, (string City, string Postcode)[] Cities, string[] First, string[] Last);

/// <summary>What the demo house is told in. Every company and person is fictitious.</summary>
internal static class DemoWords
{
    private static readonly string[] GermanFirst = ["Jürgen", "Katrin", "Stefan", "Heike", "Tobias", "Sabine", "Markus", "Ulrike", "Florian", "Petra"];
    private static readonly string[] GermanLast = ["Amsbach", "Brückner", "Dorfer", "Ebenthal", "Fährmann", "Grüneberg", "Holzapfel", "Kirchner", "Lindemann", "Oberländer", "Steinmetz", "Weißhaupt"];
    private static readonly string[] RomanceFirst = ["Camille", "Hugo", "Chiara", "Matteo", "Lucía", "Diego", "Élodie", "Antoine", "Giulia", "Pablo"];
    private static readonly string[] RomanceLast = ["Beaumont", "Castellani", "Delacroix", "Esposito", "Fontaine", "Garrido", "Lombardi", "Mercier", "Navarro", "Serrano", "Vasseur", "Zanetti"];
    private static readonly string[] NordicFirst = ["Astrid", "Bjørn", "Eero", "Freja", "Gustav", "Ingrid", "Lars", "Maja", "Nils", "Saara"];
    private static readonly string[] NordicLast = ["Ahlström", "Bergdahl", "Dalgaard", "Ekholm", "Halvorsen", "Korhonen", "Lundberg", "Nygård", "Sandvoll", "Thorsen", "Virtanen", "Åkesson"];

    public static readonly Han[] ChineseFirst =
        [new("伟强", "Weiqiang"), new("丽华", "Lihua"), new("建国", "Jianguo"), new("晓燕", "Xiaoyan"), new("志明", "Zhiming"), new("雪梅", "Xuemei"), new("浩然", "Haoran"), new("思琪", "Siqi"), new("文杰", "Wenjie"), new("佳怡", "Jiayi"), new("子轩", "Zixuan"), new("雨桐", "Yutong")];
    public static readonly Han[] ChineseLast =
        [new("张", "Zhang"), new("刘", "Liu"), new("黄", "Huang"), new("吴", "Wu"), new("徐", "Xu"), new("何", "He"), new("高", "Gao"), new("林", "Lin"), new("郭", "Guo"), new("马", "Ma"), new("罗", "Luo"), new("梁", "Liang"), new("谢", "Xie"), new("唐", "Tang")];

    public static readonly Land[] Europe =
    [
        new("DE", "GmbH", "EU-CENTRAL", "EUR", "49", "Industriestraße", [("Hamburg", "20095"), ("Stuttgart", "70173"), ("Leipzig", "04109"), ("Augsburg", "86150")], GermanFirst, GermanLast),
        new("FR", "SAS", "EU-WEST", "EUR", "33", "Rue des Ateliers", [("Lyon", "69002"), ("Nantes", "44000"), ("Lille", "59000")], RomanceFirst, RomanceLast),
        new("IT", "S.r.l.", "EU-SOUTH", "EUR", "39", "Via dell'Industria", [("Torino", "10121"), ("Bologna", "40121"), ("Verona", "37121")], RomanceFirst, RomanceLast),
        new("SE", "AB", "EU-NORTH", "EUR", "46", "Verkstadsgatan", [("Göteborg", "411 03"), ("Malmö", "211 18")], NordicFirst, NordicLast),
        new("AT", "GmbH", "EU-CENTRAL", "EUR", "43", "Werkstraße", [("Linz", "4020"), ("Graz", "8010")], GermanFirst, GermanLast),
        new("NL", "B.V.", "EU-WEST", "EUR", "31", "Havenweg", [("Rotterdam", "3011 AA"), ("Eindhoven", "5611 AB")], NordicFirst, NordicLast),
        new("ES", "S.L.", "EU-SOUTH", "EUR", "34", "Calle del Taller", [("Valencia", "46001"), ("Zaragoza", "50001")], RomanceFirst, RomanceLast),
        new("CH", "AG", "EU-CENTRAL", "EUR", "41", "Fabrikstrasse", [("Winterthur", "8400"), ("Luzern", "6003")], GermanFirst, GermanLast),
        new("DK", "A/S", "EU-NORTH", "EUR", "45", "Fabriksvej", [("Aarhus", "8000"), ("Odense", "5000")], NordicFirst, NordicLast),
    ];

    public static readonly (Han City, string Territory, string Postcode)[] ChineseCities =
    [
        (new("上海", "Shanghai"), "CN-EAST", "200000"), (new("苏州", "Suzhou"), "CN-EAST", "215000"), (new("深圳", "Shenzhen"), "CN-SOUTH", "518000"), (new("宁波", "Ningbo"), "CN-EAST", "315000"),
        (new("天津", "Tianjin"), "CN-NORTH", "300000"), (new("广州", "Guangzhou"), "CN-SOUTH", "510000"), (new("青岛", "Qingdao"), "CN-NORTH", "266000"), (new("杭州", "Hangzhou"), "CN-EAST", "310000"),
    ];

    public static readonly string[] Stems =
    [
        "Nordholm", "Veldara", "Brunnfels", "Castellar", "Lindvik", "Morenta", "Ferrandel", "Kowarin", "Hartwend", "Sorvik", "Altmara", "Riverda", "Duvaris", "Bergholt", "Stolzau",
        "Marcheno", "Jansholt", "Kesselow", "Aaltavi", "Novarek", "Torresol", "Weidenau", "Laurenca", "Vogtmar", "Rosshavn", "Dahlborn", "Meyrande", "Ostrava-Nova", "Pellegrin", "Quellbach",
    ];

    public static readonly Han[] ChineseStems =
    [
        new("华信", "Huaxin"), new("东辰", "Dongchen"), new("瑞丰", "Ruifeng"), new("恒泰", "Hengtai"), new("金洋", "Jinyang"), new("海川", "Haichuan"), new("明远", "Mingyuan"), new("新拓", "Xintuo"), new("德润", "Derun"), new("盛达", "Shengda"),
        new("天工", "Tiangong"), new("博雅", "Boya"), new("精科", "Jingke"), new("联创", "Lianchuang"), new("泰和", "Taihe"), new("云帆", "Yunfan"), new("永昌", "Yongchang"), new("正阳", "Zhengyang"), new("凯旋", "Kaixuan"), new("振兴", "Zhenxing"),
    ];

    public static readonly Words[] Industries =
    [
        new("Packaging", "包装机械"), new("Foods", "食品"), new("Automation", "自动化"), new("Logistics", "物流设备"), new("Paper", "纸业"), new("Textiles", "纺织"),
        new("Marine", "船舶设备"), new("Robotics", "机器人"), new("Beverages", "饮料"), new("Chemicals", "化工"), new("Glass", "玻璃"), new("Energy", "新能源"),
    ];

    public static readonly (string Code, string Name, string Region, string? Parent)[] Territories =
    [
        ("EUROPE", "Europe 欧洲", "Europe", null), ("EU-CENTRAL", "Central Europe 中欧", "Europe", "EUROPE"), ("EU-NORTH", "Northern Europe 北欧", "Europe", "EUROPE"),
        ("EU-WEST", "Western Europe 西欧", "Europe", "EUROPE"), ("EU-SOUTH", "Southern Europe 南欧", "Europe", "EUROPE"),
        ("CHINA", "China 中国", "China", null), ("CN-EAST", "East China 华东", "China", "CHINA"), ("CN-SOUTH", "South China 华南", "China", "CHINA"), ("CN-NORTH", "North China 华北", "China", "CHINA"),
    ];

    /// <summary>Position in the list of the manager, -1 for the head.</summary>
    public static readonly (Words Title, Words Department, int Manager)[] Posts =
    [
        (new("Managing director", "总经理"), new("Management", "管理层"), -1),
        (new("Head of purchasing", "采购总监"), new("Purchasing", "采购部"), 0),
        (new("Technical director", "技术总监"), new("Engineering", "技术部"), 0),
        (new("Buyer", "采购专员"), new("Purchasing", "采购部"), 1),
        (new("Maintenance engineer", "设备工程师"), new("Engineering", "技术部"), 2),
        (new("Production manager", "生产经理"), new("Production", "生产部"), 0),
        (new("Project engineer", "项目工程师"), new("Engineering", "技术部"), 2),
    ];

    public static readonly (string Code, Words Name, string Parent)[] Categories =
    [
        ("DRIVE", new("Drive technology", "驱动技术"), ""), ("FLUID", new("Fluid technology", "流体技术"), ""), ("COMPONENT", new("Components", "基础件"), ""), ("SUPPLIES", new("Supplies and service", "耗材与服务"), ""),
        ("MOTOR", new("Servo motors", "伺服电机"), "DRIVE"), ("GEAR", new("Gearboxes", "减速机"), "DRIVE"), ("INVERTER", new("Inverters", "变频器"), "DRIVE"), ("COUPLING", new("Couplings", "联轴器"), "DRIVE"),
        ("PUMP", new("Pumps", "泵"), "FLUID"), ("VALVE", new("Valves", "阀门"), "FLUID"), ("SEAL", new("Seals", "密封件"), "FLUID"), ("METER", new("Flow meters", "流量计"), "FLUID"),
        ("SENSOR", new("Sensors", "传感器"), "COMPONENT"), ("BEARING", new("Bearings", "轴承"), "COMPONENT"),
        ("OIL", new("Lubricants", "润滑油"), "SUPPLIES"), ("KIT", new("Service kits", "维修套件"), "SUPPLIES"),
    ];

    /// <summary>Five sizes each; the price in euro is that of the smallest.</summary>
    public static readonly (string Category, string Prefix, Words Name, string Unit, decimal Price, string[] Sizes)[] Products =
    [
        ("MOTOR", "SM", new("Servo motor", "伺服电机"), "PCE", 185m, ["200 W", "400 W", "750 W", "1.5 kW", "3 kW"]),
        ("GEAR", "PG", new("Planetary gearbox", "行星减速机"), "PCE", 240m, ["i=5", "i=10", "i=20", "i=40", "i=70"]),
        ("INVERTER", "FI", new("Frequency inverter", "变频器"), "PCE", 210m, ["0.75 kW", "1.5 kW", "4 kW", "7.5 kW", "15 kW"]),
        ("COUPLING", "JC", new("Jaw coupling", "梅花联轴器"), "PCE", 18m, ["14", "19", "24", "28", "38"]),
        ("PUMP", "GP", new("Gear pump", "齿轮泵"), "PCE", 320m, ["6 cm³", "11 cm³", "16 cm³", "22 cm³", "32 cm³"]),
        ("VALVE", "PV", new("Proportional valve", "比例阀"), "PCE", 410m, ["DN 6", "DN 10", "DN 16", "DN 20", "DN 25"]),
        ("SEAL", "RS", new("Rotary shaft seal", "旋转轴封"), "PCE", 3.2m, ["20 mm", "35 mm", "50 mm", "80 mm", "120 mm"]),
        ("METER", "FM", new("Flow meter", "流量计"), "PCE", 290m, ["DN 15", "DN 25", "DN 40", "DN 50", "DN 80"]),
        ("SENSOR", "PS", new("Proximity sensor", "接近传感器"), "PCE", 26m, ["M8", "M12", "M18", "M30", "40x40"]),
        ("BEARING", "BB", new("Ball bearing", "深沟球轴承"), "PCE", 4.6m, ["15 mm", "20 mm", "25 mm", "30 mm", "45 mm"]),
        ("OIL", "GO", new("Gear oil", "齿轮油"), "LTR", 5.8m, ["VG 68", "VG 100", "VG 150", "VG 220", "VG 320"]),
        ("KIT", "SK", new("Service kit", "维修套件"), "SET", 64m, ["GP pumps", "PV valves", "PG gearboxes", "SM motors", "FM meters"]),
    ];

    public static readonly Words[] Projects =
    [
        new("packaging line 3", "三号包装线"), new("bottling line retrofit", "灌装线改造"), new("new paint shop", "新涂装车间"), new("press shop modernisation", "冲压车间升级"), new("warehouse shuttles", "仓储穿梭车"),
        new("paper machine 2", "二号造纸机"), new("hydraulic test bench", "液压试验台"), new("dosing system", "配料系统"), new("cooling circuit", "冷却回路"), new("palletiser series", "码垛机系列"),
        new("spare parts contract", "备件年度协议"), new("new plant, phase 1", "新厂一期"),
    ];

    public static readonly Words[] Sources = [new("Trade fair", "展会"), new("Referral", "客户推荐"), new("Web site", "官网"), new("Partner", "合作伙伴"), new("Existing customer", "老客户"), new("Campaign", "市场活动")];

    public static readonly Words[] NextSteps =
    [
        new("Send the revised quotation", "发送修订报价"), new("Plant visit with the technical director", "与技术总监现场考察"), new("Clarify the delivery plan", "确认交货计划"),
        new("Agree on the payment terms", "商定付款条件"), new("Arrange a sample test", "安排样品测试"), new("Call the head of purchasing", "致电采购总监"), new("Check stock and lead time", "核实库存与交期"),
    ];

    public static readonly Words[] WonReasons = [new("Short lead time", "交期短"), new("Best technical fit", "技术方案最合适"), new("Framework contract", "框架协议"), new("Service on site", "本地服务")];
    public static readonly Words[] LostReasons = [new("Price", "价格"), new("Delivery too late", "交期过长"), new("Existing supplier kept", "沿用原供应商"), new("Technical requirements not met", "技术要求未满足")];
    public static readonly Words[] CancelReasons = [new("Budget withdrawn", "预算取消"), new("Project postponed", "项目推迟")];

    public static readonly Words[] Descriptions =
    [
        new("The customer replaces the installed units and wants one supplier for the whole line.", "客户更换现有设备，希望整线由一家供应商供货。"),
        new("First order of a series; follow-up orders are planned every quarter.", "系列首单，计划每季度追加订单。"),
        new("Documentation and commissioning on site are part of the scope.", "供货范围含技术文件和现场调试。"),
        new("Samples were tested successfully; the price decides.", "样品测试合格，价格是关键。"),
    ];

    public static readonly Words[] InternalNotes =
    [
        new("Margin below target, do not go lower without the head of sales.", "毛利低于目标，未经销售总监同意不得再降价。"), new("Competitor is on site every week.", "竞争对手每周到访。"),
        new("Decision maker prefers our inverter.", "决策人倾向我方变频器。"), new("Check the credit limit before the order.", "下单前核查信用额度。"),
    ];

    /// <summary>A question in the shared thread and its answer.</summary>
    public static readonly (Words Question, Words Answer)[] SharedThreads =
    [
        (new("Can you confirm the delivery week for the first lot?", "首批货的交货周能否确认？"), new("The first lot is ready six weeks after the order.", "下单后六周首批货备妥。")),
        (new("The customer asks for the drawings as STEP files.", "客户需要 STEP 格式图纸。"), new("They are in the documents now.", "已上传到文档。")),
        (new("We need a better price to win this.", "需要更优惠的价格才能拿下。"), new("Five percent more is possible for orders this quarter.", "本季度下单可再优惠百分之五。")),
        (new("Site visit went well, they want a test unit.", "现场考察顺利，客户想要一台样机。"), new("A test unit leaves the warehouse on Friday.", "样机周五发出。")),
    ];

    public static readonly Words[] InternalComments =
    [
        new("Purchasing says the gearbox is the bottleneck.", "采购部反馈减速机是瓶颈。"), new("Please keep the discount below eight percent.", "折扣请控制在百分之八以内。"),
        new("Second source checked, lead time is shorter.", "已核实第二货源，交期更短。"), new("The partner is slow to answer, I call them.", "合作伙伴回复较慢，我来联系。"),
    ];

    public static readonly (string Code, string Name, string Legal, CompanyRole[] Roles, PartnerTier Tier, string Land, string City, string Domain)[] Partners =
    [
        ("ALPINE", "Alpine Precision 高山精密", "Alpine Precision AG", [CompanyRole.Supplier], PartnerTier.Gold, "CH", "Winterthur", "alpine.example"),
        ("BAYSIDE", "Bayside Distribution 海湾分销", "宁波海湾工业品分销有限公司", [CompanyRole.Distributor, CompanyRole.Customer], PartnerTier.Gold, "CN", "宁波", "bayside.example"),
        ("CASCADE", "Cascade Systems", "Cascade Systems SAS", [CompanyRole.ChannelPartner], PartnerTier.Gold, "FR", "Lyon", "cascade.example"),
        ("DUNE", "Dune Ingeniería", "Dune Ingeniería S.L.", [CompanyRole.ChannelPartner], PartnerTier.Silver, "ES", "Valencia", "dune.example"),
        ("JINGRUI", "Jingrui Machinery 精锐机械", "苏州精锐机械有限公司", [CompanyRole.Supplier], PartnerTier.Silver, "CN", "苏州", "jingrui.example"),
        ("NORDGUSS", "Nordguss Armaturen", "Nordguss Armaturen GmbH", [CompanyRole.Supplier], PartnerTier.Registered, "DE", "Leipzig", "nordguss.example"),
        ("FJORD", "Fjord Teknik", "Fjord Teknik AB", [CompanyRole.ChannelPartner], PartnerTier.Silver, "SE", "Göteborg", "fjord.example"),
        ("POLDER", "Polder Aandrijving", "Polder Aandrijving B.V.", [CompanyRole.ChannelPartner], PartnerTier.Registered, "NL", "Eindhoven", "polder.example"),
        ("HUAFENG", "Huafeng Automation 华丰自动化", "深圳华丰自动化有限公司", [CompanyRole.ChannelPartner], PartnerTier.Platinum, "CN", "深圳", "huafeng.example"),
        ("HANSE", "Hanse Lager", "Hanse Lager GmbH", [CompanyRole.Distributor], PartnerTier.Registered, "DE", "Hamburg", "hanse-lager.example"),
        ("TRAMONTANA", "Tramontana Azionamenti", "Tramontana Azionamenti S.r.l.", [CompanyRole.ChannelPartner, CompanyRole.Customer], PartnerTier.Registered, "IT", "Bologna", "tramontana.example"),
        ("BEIHAI", "Beihai Drives 北海传动", "青岛北海传动有限公司", [CompanyRole.ChannelPartner], PartnerTier.Silver, "CN", "青岛", "beihai.example"),
    ];

    public static readonly (string Code, string Name, string Land, string City)[] Competitors =
    [
        ("VORTEX", "Vortex Antriebe", "DE", "Stuttgart"), ("LUMIERA", "Lumiera Fluidica", "IT", "Torino"), ("DALIAN-KEDA", "Keda Drives 科达传动", "CN", "天津"), ("STROMFELD", "Stromfeld Motion", "SE", "Malmö"),
    ];
}
