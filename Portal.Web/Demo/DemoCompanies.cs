using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Web.Demo;

/// <summary>Territories, teams and people; then companies with sites, contacts and their organisation.</summary>
internal static class DemoCompanies
{
    /// <summary>With partners and competitors about eighty companies.</summary>
    public const int CustomersPerScale = 64;

    public static async Task AddOrganisationAsync(DemoHouse house, IReadOnlyDictionary<string, DemoAccount> accounts, CancellationToken ct)
    {
        var db = house.Db;
        foreach (var (code, name, region, parent) in DemoWords.Territories)
        {
            house.Territories[code] = new Territory { Id = house.NewId(), Code = code, Name = name, Region = region, ParentId = parent is null ? null : house.Territories[parent].Id };
        }
        db.AddRange(house.Territories.Values);
        var teams = DemoPeople.All.Select(p => p.Team).OfType<string>().Distinct().ToDictionary(name => name, name => new Team { Id = house.NewId(), Name = name });
        db.AddRange(teams.Values);
        foreach (var made in DemoWords.Partners.Select((p, i) => Partner(house, p, i))) { house.Partners[made.Code] = made; }
        db.AddRange(house.Partners.Values);
        foreach (var demo in DemoPeople.All)
        {
            var person = new Person
            {
                Id = house.NewId(), Name = demo.Name, Email = demo.Email, JobTitle = demo.JobTitle, Language = demo.Language, TimeZone = demo.TimeZone,
                CompanyId = demo.Company is null ? null : house.Partners[demo.Company].Id, TeamId = demo.Team is null ? null : teams[demo.Team].Id,
                ManagerId = demo.Manager is null ? null : house.People[demo.Manager].Id,
            };
            if (person.Assign(demo.Functions) is { } refusal) { throw new InvalidOperationException($"{demo.Email}: {refusal.Code}"); }
            if (accounts.TryGetValue(demo.Email, out var account)) { person.LinkAccount(account.Issuer, account.Subject); }
            person.Territories.AddRange((demo.Territories ?? []).Select(code => new PersonTerritory { PersonId = person.Id, TerritoryId = house.Territories[code].Id }));
            house.People[demo.Email] = person;
            db.Add(person);
        }
        foreach (var (team, leader) in new[] { (DemoPeople.Europe, "salesmanager"), (DemoPeople.China, "sales.china"), (DemoPeople.Channel, "channel"), (DemoPeople.Supply, "procurement"), (DemoPeople.Care, "service") })
        {
            teams[team].LeaderId = house.People[$"{leader}@portal.example"].Id;
        }
        foreach (var partner in house.Partners.Values) { partner.OwnerId = house.People[partner.IsSupplier ? "procurement@portal.example" : "channel@portal.example"].Id; }
        await house.SaveAsync(ct);
    }

    public static async Task AddCompaniesAsync(DemoHouse house, CancellationToken ct)
    {
        house.Competitors.AddRange(DemoWords.Competitors.Select((c, i) => Competitor(house, c, i)));
        var byOwner = Enumerable.Range(0, CustomersPerScale * house.Scale).Select(i => Customer(house, i)).ToList();
        house.Customers.AddRange(byOwner);
        LinkGroups(house);

        await house.SaveAsync(house.People["procurement@portal.example"], house.DayAgo(424), PlacesAndContacts(house, [.. house.Partners.Values.Where(p => p.IsSupplier)]), ct);
        await house.SaveAsync(house.People["channel@portal.example"], house.DayAgo(423), PlacesAndContacts(house, [.. house.Partners.Values.Where(p => !p.IsSupplier)]), ct);
        await house.SaveAsync(house.People["marketing@portal.example"], house.DayAgo(422), house.Competitors, ct);
        var day = 420;
        foreach (var owned in house.Customers.GroupBy(c => c.OwnerId!.Value).ToArray())
        {
            var owner = house.People.Values.Single(p => p.Id == owned.Key);
            foreach (var part in owned.Chunk(12 * house.Scale))
            {
                await house.SaveAsync(owner, house.DayAgo(day, 8 + day % 8, day % 60), [.. part, .. PlacesAndContacts(house, part)], ct);
                day--;
            }
        }
    }

    private static Company Partner(DemoHouse house, (string Code, string Name, string Legal, CompanyRole[] Roles, PartnerTier Tier, string Land, string City, string Domain) said, int index)
    {
        var dice = new Dice("partner", index);
        var company = new Company
        {
            Id = house.NewId(), Code = said.Code, Name = said.Name, LegalName = said.Legal, Tier = said.Tier, Country = said.Land, City = said.City, WebDomain = said.Domain, Email = $"info@{said.Domain}",
            Currency = said.Land == "CN" ? "CNY" : "EUR", Region = said.Land == "CN" ? "China" : "Europe", TerritoryId = house.Territories[TerritoryOf(said.Land, said.City)].Id,
            TaxId = TaxId(said.Land, 900 + index), Phone = Phone(said.Land, 900 + index), Industry = DemoWords.Industries[2].In(said.Land == "CN"), Size = CompanySize.Medium,
            EmployeeCount = dice.Between(40, 240), FoundedYear = dice.Between(1968, 2012), AnnualRevenue = dice.Between(8, 90) * 1_000_000m, CreatedAt = house.Clock.GetUtcNow(),
        };
        company.SetRoles(said.Roles);
        return company;
    }

    private static Company Competitor(DemoHouse house, (string Code, string Name, string Land, string City) said, int index) => new()
    {
        Id = house.NewId(), Code = said.Code, Name = said.Name, LegalName = said.Name, IsCompetitor = true, IsCustomer = index == 1, Country = said.Land, City = said.City,
        WebDomain = $"{said.Code.ToLowerInvariant()}.example", Size = CompanySize.Large, Region = said.Land == "CN" ? "China" : "Europe", TerritoryId = house.Territories[TerritoryOf(said.Land, said.City)].Id,
        OwnerId = house.People["marketing@portal.example"].Id, CreatedAt = house.DayAgo(422),
    };

    private static Company Customer(DemoHouse house, int index)
    {
        var dice = new Dice("customer", index);
        var (block, place) = (index / CustomersPerScale, index % CustomersPerScale);
        return place % 5 is 1 or 3 ? ChineseCustomer(house, dice, index, block, place) : EuropeanCustomer(house, dice, index, block, place);
    }

    private static Company EuropeanCustomer(DemoHouse house, Dice dice, int index, int block, int place)
    {
        var land = DemoWords.Europe[(index * 7 + block) % DemoWords.Europe.Length];
        var (city, _) = dice.Of(land.Cities);
        var stem = DemoWords.Stems[(place + block * 11) % DemoWords.Stems.Length];
        var industry = DemoWords.Industries[(place * 5 + block) % DemoWords.Industries.Length];
        var company = Fill(house, dice, index, land.Code, city, land.Territory, "Europe", land.Currency);
        company.Code = $"{Latin(stem)}-{index + 1:D3}";
        company.Name = $"{stem} {industry.En}";
        company.LegalName = $"{stem} {industry.En} {land.Form}";
        company.Industry = industry.En;
        company.WebDomain = $"{Latin(stem)}-{Latin(industry.En)}{(block == 0 ? "" : block)}.example".ToLowerInvariant();
        company.PartnerId = (place % 10) switch
        {
            0 or 2 or 4 => house.Partners["CASCADE"].Id,
            5 => house.Partners["DUNE"].Id,
            7 => house.Partners[dice.Of(["FJORD", "POLDER", "TRAMONTANA"])].Id,
            _ => null,
        };
        company.OwnerId = house.People[(land.Territory is "EU-CENTRAL" or "EU-NORTH", dice.Chance(15)) switch
        {
            (_, true) => "salesmanager@portal.example",
            (true, _) => "sales@portal.example",
            _ => "sales.west@portal.example",
        }].Id;
        return company;
    }

    private static Company ChineseCustomer(DemoHouse house, Dice dice, int index, int block, int place)
    {
        var (city, territory, _) = DemoWords.ChineseCities[(place * 3 + block) % DemoWords.ChineseCities.Length];
        var stem = DemoWords.ChineseStems[(place + block * 7) % DemoWords.ChineseStems.Length];
        var industry = DemoWords.Industries[(place * 7 + block) % DemoWords.Industries.Length];
        var company = Fill(house, dice, index, "CN", city.Text, territory, "China", "CNY");
        company.Code = $"{stem.Pinyin}-{index + 1:D3}";
        company.Name = $"{stem.Text}{industry.Zh} {stem.Pinyin} {industry.En}";
        company.LegalName = $"{city.Text}{stem.Text}{industry.Zh}有限公司";
        company.Industry = industry.Zh;
        company.WebDomain = $"{stem.Pinyin}-{Latin(industry.En)}{(block == 0 ? "" : block)}.example".ToLowerInvariant();
        company.PartnerId = (place % 10) switch
        {
            1 => house.Partners["BAYSIDE"].Id,
            3 => house.Partners[dice.Of(["HUAFENG", "BEIHAI"])].Id,
            _ => null,
        };
        company.OwnerId = house.People[territory == "CN-EAST" ? "sales.china@portal.example" : "sales.shenzhen@portal.example"].Id;
        return company;
    }

    private static Company Fill(DemoHouse house, Dice dice, int index, string land, string city, string territory, string region, string currency) => new()
    {
        Id = house.NewId(), Code = "", Name = "", IsCustomer = true, IsSupplier = index % 31 == 12, Country = land, City = city, Currency = currency, Region = region, TerritoryId = house.Territories[territory].Id,
        Status = dice.Below(20) switch { < 3 => CompanyStatus.Prospect, 3 => CompanyStatus.Paused, _ => CompanyStatus.Active },
        TaxId = TaxId(land, index + 1), Phone = Phone(land, index + 1), EmployeeCount = dice.Between(12, 2400), Size = dice.Of([CompanySize.Small, CompanySize.Medium, CompanySize.Medium, CompanySize.Large]),
        AnnualRevenue = dice.Between(2, 400) * 1_000_000m, FoundedYear = dice.Between(1949, 2018), CreatedAt = house.DayAgo(420),
        InternalNotes = dice.Chance(20) ? dice.Of(DemoWords.InternalNotes).In(land == "CN") : null,
    };

    /// <summary>Every eighth customer belongs to the one before it, as plants belong to their group.</summary>
    private static void LinkGroups(DemoHouse house)
    {
        for (var i = 8; i < house.Customers.Count; i += 8)
        {
            var parent = house.Customers[..i].LastOrDefault(c => c.Country == house.Customers[i].Country && c.ParentId is null && c.OwnerId == house.Customers[i].OwnerId);
            house.Customers[i].ParentId = parent?.Id;
        }
    }

    private static List<object> PlacesAndContacts(DemoHouse house, IReadOnlyList<Company> companies)
    {
        var made = new List<object>();
        foreach (var company in companies)
        {
            var dice = new Dice($"people of {company.Code}");
            made.AddRange(Sites(house, company, dice));
            var contacts = Contacts(house, company, dice);
            house.Contacts[company.Id] = contacts;
            made.AddRange(contacts);
        }
        return made;
    }

    private static IEnumerable<Site> Sites(DemoHouse house, Company company, Dice dice)
    {
        var chinese = company.Country == "CN";
        var land = DemoWords.Europe.FirstOrDefault(l => l.Code == company.Country) ?? DemoWords.Europe[0];
        var number = dice.Between(2, 180);
        var postcode = chinese ? DemoWords.ChineseCities.First(c => c.City.Text == company.City).Postcode : land.Cities.Where(c => c.City == company.City).Select(c => c.Postcode).FirstOrDefault() ?? land.Cities[0].Postcode;
        yield return new Site
        {
            Id = house.NewId(), CompanyId = company.Id, Kind = SiteKind.HeadOffice, Name = chinese ? "总部" : "Head office", Line1 = chinese ? $"工业园路{number}号" : $"{land.Street} {number}",
            City = company.City!, PostalCode = postcode, Country = company.Country, Phone = company.Phone,
        };
        if (!dice.Chance(60)) { yield break; }
        var (kind, name) = dice.Of([(SiteKind.Plant, new Words("Plant 2", "二厂")), (SiteKind.Warehouse, new Words("Warehouse", "仓库")), (SiteKind.Shipping, new Words("Goods receipt", "收货处"))]);
        yield return new Site
        {
            Id = house.NewId(), CompanyId = company.Id, Kind = kind, Name = name.In(chinese), Line1 = chinese ? $"创新大道{number + 20}号" : $"{land.Street} {number + 20}",
            City = company.City!, PostalCode = postcode, Country = company.Country,
        };
    }

    private static List<Contact> Contacts(DemoHouse house, Company company, Dice dice)
    {
        var chinese = company.Country == "CN";
        var land = DemoWords.Europe.FirstOrDefault(l => l.Code == company.Country) ?? DemoWords.Europe[0];
        var made = new List<Contact>();
        var count = dice.Between(3, DemoWords.Posts.Length);
        for (var i = 0; i < count; i++)
        {
            var (title, department, manager) = DemoWords.Posts[i];
            var (first, last) = chinese ? (dice.Of(DemoWords.ChineseFirst), dice.Of(DemoWords.ChineseLast)) : (Plain(dice.Of(land.First)), Plain(dice.Of(land.Last)));
            var consent = dice.Of([Consent.Given, Consent.Given, Consent.Unknown, Consent.Withdrawn]);
            made.Add(new Contact
            {
                Id = house.NewId(), CompanyId = company.Id, FirstName = first.Text, LastName = last.Text, JobTitle = title.In(chinese), Department = department.In(chinese),
                ManagerId = manager < 0 ? null : made[manager].Id, Email = $"{Latin(first.Pinyin)}.{Latin(last.Pinyin)}{(made.Any(c => c.FirstName == first.Text && c.LastName == last.Text) ? "2" : "")}@{company.WebDomain}".ToLowerInvariant(),
                Phone = company.Phone is { } phone ? $"{phone}{i + 1}" : null, Mobile = dice.Chance(50) ? Phone(company.Country!, 5000 + dice.Below(4000)) : null, Language = chinese ? "zh-Hans" : "en",
                Consent = consent, ConsentAt = consent is Consent.Unknown ? null : house.DayAgo(dice.Between(30, 400)), Active = !dice.Chance(4),
            });
        }
        return made;
    }

    private static Han Plain(string name) => new(name, name);

    /// <summary>Letters and digits that an address may hold.</summary>
    private static string Latin(string name) => SearchText.Normalize(name.Replace("ß", "ss", StringComparison.Ordinal).Replace("ø", "o", StringComparison.Ordinal)).Replace(" ", "", StringComparison.Ordinal);

    private static string TerritoryOf(string land, string city) =>
        land == "CN" ? DemoWords.ChineseCities.First(c => c.City.Text == city).Territory : DemoWords.Europe.First(l => l.Code == land).Territory;

    private static string TaxId(string land, int number) => land == "CN" ? $"91000000MA{number:D8}" : $"{land}000{number:D6}";

    /// <summary>Numbers with 555, which nobody has.</summary>
    private static string Phone(string land, int number) => $"+{(land == "CN" ? "86" : DemoWords.Europe.First(l => l.Code == land).Dial)} 555 {number:D4}";
}
