namespace Portal.Domain.Access;

/// <summary>Somebody of the house who looks after records, or did.</summary>
public sealed record Owner(long Id, string Name, bool Active);

/// <summary>Who may own a record: people of the house. Nobody gets a running one who has left; what is over keeps the name of whoever had it.</summary>
public static class Owners
{
    extension(IQueryable<Person> people)
    {
        public IQueryable<Person> ActiveStaff() => people.Where(p => p.Active && p.CompanyId == null);

        public IQueryable<Owner> AsOwners() => people.Where(p => p.CompanyId == null).Select(p => new Owner(p.Id, p.Name, p.Active));
    }
}
