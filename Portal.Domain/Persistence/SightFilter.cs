using System.Linq.Expressions;
using System.Reflection;
using Portal.Domain.Access;

namespace Portal.Domain.Persistence;

/// <summary>Turns <see cref="Sight{T}"/> into the filter expressions of one context.</summary>
internal static class SightFilter
{
    /// <summary>What the scope of the context sees in the given field set; null: everything.</summary>
    public static Expression<Func<T, bool>>? For<T>(Sight<T> sight, PortalDbContext db, FieldSet fields) where T : class => db.Scope.Kind switch
    {
        ScopeKind.System => null,
        ScopeKind.Rights => ForRights(sight, db),
        ScopeKind.LogIn => ForLogIn<T>(db),
        ScopeKind.Staff => ForStaff(sight, db, () => Shared(sight, fields, db)),
        ScopeKind.Partner => ForPartner(sight, db, fields, _ => true, () => Shared(sight, fields, db)),
        _ => throw new InvalidOperationException("A scope is of the system, of staff or of a partner."),
    };

    /// <summary>What the scope of the context may act upon so; null: everything. By reach, staff may do all; a rule grant or share allows what it names.</summary>
    public static Expression<Func<T, bool>>? ForActing<T>(Sight<T> sight, PortalDbContext db, GrantActions actions) where T : class => db.Scope.Kind switch
    {
        ScopeKind.System => null,
        ScopeKind.Staff => ForStaff(sight, db, () => SharedFor(sight, actions, db)),
        ScopeKind.Partner => ForPartner(sight, db, FieldSet.Summary, rule => db.Scope.ActionsAs(sight.Class!.Value, rule).HasFlag(actions), () => SharedFor(sight, actions, db)),
        _ => throw new InvalidOperationException("A scope is of the system, of staff or of a partner."),
    };

    /// <summary>What rights are built from, and the one record that is explained.</summary>
    private static Expression<Func<T, bool>>? ForRights<T>(Sight<T> sight, PortalDbContext db) where T : class =>
        RightsSources.Read.Contains(typeof(T)) ? null
        : sight.Class is { } recordClass && db.Scope.Explained?.Class == recordClass ? OfRecord(sight.Id!, (record, context) => record == context.Scope.ExplainedId, db)
        : _ => false;

    /// <summary>The one person whose log-in it is, and what that person may point at.</summary>
    private static Expression<Func<T, bool>>? ForLogIn<T>(PortalDbContext db) where T : class
    {
        if (RightsSources.AroundPerson.Contains(typeof(T))) { return null; }
        Expression<Func<Person, PortalDbContext, bool>> person = (p, context) => (p.Issuer == context.Scope.LogInIssuer && p.Subject == context.Scope.LogInSubject) || p.Email == context.Scope.LogInEmail;
        Expression<Func<PersonFunction, PortalDbContext, bool>> function = (f, context) => context.People.Any(p => p.Id == f.PersonId);
        Expression<Func<PersonTerritory, PortalDbContext, bool>> territory = (t, context) => context.People.Any(p => p.Id == t.PersonId);
        var rule = new LambdaExpression[] { person, function, territory }.OfType<Expression<Func<T, PortalDbContext, bool>>>().FirstOrDefault();
        return rule is null ? _ => false : Bind(rule, db);
    }

    private static Expression<Func<T, bool>>? ForStaff<T>(Sight<T> sight, PortalDbContext db, Func<Expression<Func<T, bool>>> shared) where T : class
    {
        if (sight.Class is not { } recordClass) { return sight.Staff is null ? null : Bind(sight.Staff, db); }
        var reach = db.Scope.ReachIn(recordClass);
        if (reach is Reach.All) { return null; }
        var rules = new List<Expression<Func<T, bool>>>();
        if (reach >= Reach.Own && sight.Owner is { } owner) { rules.Add(reach is Reach.Own ? Owned(owner, db) : OwnedByTeam(owner, db)); }
        if (reach >= Reach.Territory && sight.Territory is { } territory) { rules.Add(InTerritory(territory, db)); }
        rules.Add(shared());
        return Or(rules);
    }

    private static Expression<Func<T, bool>> ForPartner<T>(
        Sight<T> sight, PortalDbContext db, FieldSet fields, Func<Relationship, bool> counts, Func<Expression<Func<T, bool>>> shared) where T : class
    {
        var rules = new List<Expression<Func<T, bool>>>();
        if (sight.PartnerAlways is { } always) { rules.Add(Bind(always, db)); }
        if (sight.PartnerCompany is { } company) { rules.Add(OfCompany(company, db)); }
        if (sight.Class is { } recordClass)
        {
            rules.AddRange(sight.PartnerRules.Where(rule => counts(rule.Relationship)).Select(rule => BindRule(rule, recordClass, fields, db)));
            if (db.Scope.HoldsShares(recordClass)) { rules.Add(shared()); }
        }
        if (rules.Count == 0) { return _ => false; }
        var seen = Or(rules);
        return sight.PartnerOnlyWhen is { } when ? And(Bind(when, db), seen) : seen;
    }

    private static Expression<Func<T, bool>> BindRule<T>(PartnerRule<T> rule, RecordClass recordClass, FieldSet fields, PortalDbContext db)
    {
        var relationship = rule.Relationship;
        Expression<Func<PortalDbContext, long>> company = context => context.Scope.CompanyAs(recordClass, relationship, fields);
        var lifted = Replace(ReplaceClosure(company.Body), company.Parameters[0], Expression.Constant(db));
        var body = Replace(rule.Rule.Body, rule.Rule.Parameters[1], Expression.Constant(db));
        return Expression.Lambda<Func<T, bool>>(Replace(body, rule.Rule.Parameters[2], lifted), rule.Rule.Parameters[0]);
    }

    /// <summary>The form that was measured: an uncorrelated list of ids, so that the owner column and the shares each use their index.</summary>
    private static Expression<Func<T, bool>> Shared<T>(Sight<T> sight, FieldSet fields, PortalDbContext db) where T : class
    {
        var recordClass = sight.Class!.Value;
        Expression<Func<long, PortalDbContext, bool>> summary = (record, context) => context.Shares
            .Where(s => s.RecordClass == recordClass && context.Scope.Keys.Contains(s.Key) && s.Until > context.Now)
            .Select(s => s.RecordId).Contains(record);
        Expression<Func<long, PortalDbContext, bool>> full = (record, context) => context.Shares
            .Where(s => s.RecordClass == recordClass && context.Scope.Keys.Contains(s.Key) && s.Until > context.Now && s.Fields == FieldSet.Full)
            .Select(s => s.RecordId).Contains(record);
        return OfRecord(sight.Id!, fields is FieldSet.Full ? full : summary, db);
    }

    private static Expression<Func<T, bool>> SharedFor<T>(Sight<T> sight, GrantActions actions, PortalDbContext db) where T : class
    {
        var recordClass = sight.Class!.Value;
        GrantActions[] enough = [.. Enumerable.Range(1, (int)(GrantActions.Read | GrantActions.Comment | GrantActions.Edit)).Select(a => (GrantActions)a).Where(a => a.HasFlag(actions))];
        return OfRecord(sight.Id!, (record, context) => context.Shares
            .Where(s => s.RecordClass == recordClass && context.Scope.Keys.Contains(s.Key) && s.Until > context.Now && enough.Contains(s.Actions))
            .Select(s => s.RecordId).Contains(record), db);
    }

    private static Expression<Func<T, bool>> OfRecord<T>(Expression<Func<T, long>> id, Expression<Func<long, PortalDbContext, bool>> rule, PortalDbContext db)
    {
        var body = Replace(ReplaceClosure(rule.Body), rule.Parameters[1], Expression.Constant(db));
        return Expression.Lambda<Func<T, bool>>(Replace(body, rule.Parameters[0], id.Body), id.Parameters[0]);
    }

    private static Expression<Func<T, bool>> OfCompany<T>(Expression<Func<T, long?>> company, PortalDbContext db)
    {
        Expression<Func<long?, PortalDbContext, bool>> rule = (c, context) => c == context.Scope.CompanyId;
        return Compose(company, rule, db);
    }

    private static Expression<Func<T, bool>> Owned<T>(Expression<Func<T, long?>> owner, PortalDbContext db)
    {
        Expression<Func<long?, PortalDbContext, bool>> rule = (o, context) => o == context.Scope.PersonId;
        return Compose(owner, rule, db);
    }

    private static Expression<Func<T, bool>> OwnedByTeam<T>(Expression<Func<T, long?>> owner, PortalDbContext db)
    {
        Expression<Func<long?, PortalDbContext, bool>> rule = (o, context) => o != null && context.Scope.TeamPeople.Contains(o.Value);
        return Compose(owner, rule, db);
    }

    private static Expression<Func<T, bool>> InTerritory<T>(Expression<Func<T, long?>> territory, PortalDbContext db)
    {
        Expression<Func<long?, PortalDbContext, bool>> rule = (t, context) => t != null && context.Scope.Territories.Contains(t.Value);
        return Compose(territory, rule, db);
    }

    private static Expression<Func<T, bool>> Compose<T>(Expression<Func<T, long?>> column, Expression<Func<long?, PortalDbContext, bool>> rule, PortalDbContext db)
    {
        var body = Replace(rule.Body, rule.Parameters[1], Expression.Constant(db));
        return Expression.Lambda<Func<T, bool>>(Replace(body, rule.Parameters[0], column.Body), column.Parameters[0]);
    }

    public static Expression<Func<T, bool>> Bind<T>(Expression<Func<T, PortalDbContext, bool>> rule, PortalDbContext db) =>
        Expression.Lambda<Func<T, bool>>(new SeenInUnfolder(db).Visit(Replace(rule.Body, rule.Parameters[1], Expression.Constant(db))), rule.Parameters[0]);

    /// <summary>A rule's reverse, as a query of ids for each record.</summary>
    public static Expression<Func<T, IEnumerable<long>>> Bind<T>(Expression<Func<T, PortalDbContext, IQueryable<long>>> companies, PortalDbContext db) =>
        Expression.Lambda<Func<T, IEnumerable<long>>>(Replace(companies.Body, companies.Parameters[1], Expression.Constant(db)), companies.Parameters[0]);

    public static Expression<Func<T, bool>> Or<T>(IReadOnlyList<Expression<Func<T, bool>>> rules) =>
        rules.Skip(1).Aggregate(rules[0], (sum, rule) => Join(Expression.OrElse, sum, rule));

    public static Expression<Func<T, bool>> And<T>(Expression<Func<T, bool>> left, Expression<Func<T, bool>> right) => Join(Expression.AndAlso, left, right);

    private static Expression<Func<T, bool>> Join<T>(Func<Expression, Expression, Expression> how, Expression<Func<T, bool>> left, Expression<Func<T, bool>> right) =>
        Expression.Lambda<Func<T, bool>>(how(left.Body, Replace(right.Body, right.Parameters[0], left.Parameters[0])), left.Parameters[0]);

    public static Expression Replace(Expression body, Expression from, Expression to) => new Replacer(from, to).Visit(body)!;

    /// <summary>Captured locals become constants: a model is built once per shape, and these values are part of the shape, not of the asker.</summary>
    private static Expression ReplaceClosure(Expression body) => new ClosureFolder().Visit(body);

    private sealed class Replacer(Expression from, Expression to) : ExpressionVisitor
    {
        public override Expression? Visit(Expression? node) => node == from ? to : base.Visit(node);
    }

    /// <summary>A filter is an expression, so <see cref="PortalDbContext.SeenIn{T}"/> inside one is written out.</summary>
    private sealed class SeenInUnfolder(PortalDbContext db) : ExpressionVisitor
    {
        private static readonly MethodInfo UnfoldMethod = typeof(SeenInUnfolder).GetMethod(nameof(Unfold), BindingFlags.NonPublic | BindingFlags.Instance)!;

        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            if (node.Method.Name != nameof(PortalDbContext.SeenIn) || node.Method.DeclaringType != typeof(PortalDbContext)) { return base.VisitMethodCall(node); }
            var fields = (FieldSet)((ConstantExpression)node.Arguments[0]).Value!;
            return (Expression)UnfoldMethod.MakeGenericMethod(node.Method.GetGenericArguments()).Invoke(this, [fields])!;
        }

        private Expression Unfold<T>(FieldSet fields) where T : class
        {
            var set = Expression.Call(Expression.Constant(db), nameof(PortalDbContext.Set), [typeof(T)]);
            return For(Sights.Of<T>()!, db, fields) is { } filter
                ? Expression.Call(typeof(Queryable), nameof(Queryable.Where), [typeof(T)], set, Expression.Quote(filter))
                : set;
        }
    }

    private sealed class ClosureFolder : ExpressionVisitor
    {
        protected override Expression VisitMember(MemberExpression node) =>
            node is { Expression: ConstantExpression { Value: { } closure }, Member: FieldInfo field } && !typeof(PortalDbContext).IsAssignableFrom(closure.GetType())
                ? Expression.Constant(field.GetValue(closure), node.Type)
                : base.VisitMember(node);
    }
}
