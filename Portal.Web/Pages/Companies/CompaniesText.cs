namespace Portal.Web.Pages.Companies;

/// <summary>Words of companies, sites, contacts and their story.</summary>
public sealed class CompaniesText;
