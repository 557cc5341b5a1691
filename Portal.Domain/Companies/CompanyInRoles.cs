namespace Portal.Domain.Companies;

/// <summary>A company that another record names, and in which roles it may.</summary>
public sealed record CompanyInRoles(long Id, string Name, bool IsSupplier, bool IsPartner, bool IsCompetitor)
{
    public static CompanyInRoles Of(Company company) => new(company.Id, company.Name, company.IsSupplier, company.IsChannelPartner || company.IsDistributor, company.IsCompetitor);
}

public static class CompaniesInRoles
{
    extension(IQueryable<Company> companies)
    {
        /// <summary>Those that deals are registered on and customers are served by.</summary>
        public IQueryable<Company> Partners() => companies.Where(c => c.IsChannelPartner || c.IsDistributor);

        public IQueryable<CompanyInRoles> InRoles() => companies.Select(c => new CompanyInRoles(c.Id, c.Name, c.IsSupplier, c.IsChannelPartner || c.IsDistributor, c.IsCompetitor));
    }
}
