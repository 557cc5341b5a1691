using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Access;

/// <summary>The records that fields and filters look up. All run in the reader's scope; a full-text one where the record is searchable.</summary>
public static class RecordLookUps
{
    private const int Most = 10;

    public static void AddRecordLookUps(this IServiceCollection services)
    {
        Add(services, "company", (db, words) => Found(db.Companies, db, words, c => c.Name).Select(c => new LookUpHit(c.Id, c.Name, c.Code)), (db, id) => db.Companies.Where(c => c.Id == id).Select(c => c.Name));
        Add(services, "partner",
            (db, words) => Found(db.Companies.Partners(), db, words, c => c.Name).Select(c => new LookUpHit(c.Id, c.Name, c.Code)), (db, id) => db.Companies.Where(c => c.Id == id).Select(c => c.Name));
        Add(services, "competitor", (db, words) => Found(db.Companies.Where(c => c.IsCompetitor), db, words, c => c.Name).Select(c => new LookUpHit(c.Id, c.Name, c.Code)), (db, id) => db.Companies.Where(c => c.Id == id).Select(c => c.Name));
        Add(services, "stage",
            (db, words) => db.Stages.Where(s => words == "" || EF.Functions.Like(s.Name.ToUpper(), "%" + words.ToUpper() + "%") || s.NameZh.Contains(words)).OrderBy(s => s.Position).Take(Most).Select(s => new LookUpHit(s.Id, IsChinese && s.NameZh != "" ? s.NameZh : s.Name, "")),
            (db, id) => db.Stages.Where(s => s.Id == id).Select(s => IsChinese && s.NameZh != "" ? s.NameZh : s.Name));
        Add(services, "product", (db, words) => Found(db.Products, db, words, p => p.Name).Select(p => new LookUpHit(p.Id, p.Name, p.Code)), (db, id) => db.Products.Where(p => p.Id == id).Select(p => p.Name));
        Add(services, "supplier", (db, words) => Found(db.Companies.Where(c => c.IsSupplier), db, words, c => c.Name).Select(c => new LookUpHit(c.Id, c.Name, c.Code)), (db, id) => db.Companies.Where(c => c.Id == id).Select(c => c.Name));
        Add(services, "category", (db, words) => Named(db.Categories, c => c.Name, words).Select(c => new LookUpHit(c.Id, c.Name, c.Code)), (db, id) => db.Categories.Where(c => c.Id == id).Select(c => c.Name));
        Add(services, "contact",
            (db, words) => Found(db.Contacts, db, words, c => c.LastName).Select(c => new LookUpHit(c.Id, c.FirstName + " " + c.LastName, db.Companies.Where(x => x.Id == c.CompanyId).Select(x => x.Name).FirstOrDefault() ?? "")),
            (db, id) => db.Contacts.Where(c => c.Id == id).Select(c => c.FirstName + " " + c.LastName));
        Add(services, "person",
            (db, words) => Named(db.People.Where(p => p.CompanyId == null && p.Active), p => p.Name, words).Select(p => new LookUpHit(p.Id, p.Name, p.JobTitle ?? "")), (db, id) => db.People.Where(p => p.Id == id).Select(p => p.Name));
        Add(services, "anybody",
            (db, words) => Named(db.People.Where(p => p.Active), p => p.Name, words).Select(p => new LookUpHit(p.Id, p.Name, db.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Name).FirstOrDefault() ?? p.JobTitle ?? "")),
            (db, id) => db.People.Where(p => p.Id == id).Select(p => p.Name));
        Add(services, "program-person",
            (db, words) => Named(db.People.Where(p => p.Active && p.Issuer == null), p => p.Name, words).Select(p => new LookUpHit(p.Id, p.Name, db.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Name).FirstOrDefault() ?? p.Email)),
            (db, id) => db.People.Where(p => p.Id == id).Select(p => p.Name));
        Add(services, "territory", (db, words) => Named(db.Territories, t => t.Name, words).Select(t => new LookUpHit(t.Id, t.Name, t.Code)), (db, id) => db.Territories.Where(t => t.Id == id).Select(t => t.Name));
        Add(services, "team", (db, words) => Named(db.Teams, t => t.Name, words).Select(t => new LookUpHit(t.Id, t.Name, "")), (db, id) => db.Teams.Where(t => t.Id == id).Select(t => t.Name));
        Add(services, "folder", (db, words) => Named(db.Folders, f => f.Name, words).Select(f => new LookUpHit(f.Id, f.Name, f.NameZh)), (db, id) => db.Folders.Where(f => f.Id == id).Select(f => f.Name));
    }

    private static bool IsChinese => System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";

    private static void Add(IServiceCollection services, string name, Func<PortalDbContext, string, IQueryable<LookUpHit>> find, Expression<Func<PortalDbContext, long, IQueryable<string>>> nameOf)
    {
        var names = new CompiledQuery<long, string>(nameOf);
        services.AddScoped<ILookUp>(provider => new RecordLookUp(name, provider, find, names));
    }

    private static IQueryable<T> Found<T>(IQueryable<T> records, PortalDbContext db, string words, Expression<Func<T, string>> name) where T : class, ISearchable =>
        (words.Length == 0 ? records : records.Matching(db, words)).OrderBy(name).Take(Most);

    /// <summary>Small sets of the house, found by any part of the name, whatever the case of its letters.</summary>
    private static IQueryable<T> Named<T>(IQueryable<T> records, Expression<Func<T, string>> name, string words) where T : class
    {
        if (words.Length == 0) { return records.OrderBy(name).Take(Most); }
        var pattern = $"%{words.ToUpperInvariant().Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%";
        Expression<Func<string, bool>> contains = n => EF.Functions.Like(n.ToUpper(), pattern, "\\");
        var body = new Swap(contains.Parameters[0], name.Body).Visit(contains.Body);
        return records.Where(Expression.Lambda<Func<T, bool>>(body, name.Parameters)).OrderBy(name).Take(Most);
    }

    private sealed class Swap(ParameterExpression from, Expression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }

    private sealed class RecordLookUp(string name, IServiceProvider services, Func<PortalDbContext, string, IQueryable<LookUpHit>> find, CompiledQuery<long, string> names) : ILookUp
    {
        // Taken when asked, since a form lists every look-up but uses few.
        private PortalDbContext Db => services.GetRequiredService<PortalDbContext>();

        public string Name => name;
        public string Permission => Permissions.SignedIn;

        public async Task<IReadOnlyList<LookUpHit>> FindAsync(string words, CancellationToken ct) => await find(Db, words).ToListAsync(ct);

        public Task<string?> NameAsync(long id, CancellationToken ct) => names.FirstOrDefaultAsync(Db, id, ct);
    }
}
