using System.Linq.Expressions;
using Portal.Domain.Access;

namespace Portal.Domain.Persistence;

/// <summary>One way in which a partner company stands to a record by the record's own columns.</summary>
/// <param name="Relationship">What a rule grant must name for the rule to count.</param>
/// <param name="Rule">Record, context and the asking company's id (0 where no grant is held, which must match nothing).</param>
/// <param name="Companies">The reverse: ids of exactly those companies that stand so to the record. Answers "who can see this". Null where every holder of the grant does.</param>
public sealed record PartnerRule<T>(
    Relationship Relationship,
    Expression<Func<T, PortalDbContext, long, bool>> Rule,
    Expression<Func<T, PortalDbContext, IQueryable<long>>>? Companies);

/// <summary>
/// Who sees records of a type: by their own columns (stated here, once) or by a share (the engine's). The context turns it into one named
/// query filter per shape of scope, so that every query of the type is scoped.
/// </summary>
public sealed class Sight<T> where T : class
{
    /// <summary>Set for what can be granted and shared; null for what hangs below another record.</summary>
    public RecordClass? Class { get; init; }

    /// <summary>Full for a type that reads no more than the full field set of another's records: it finds only what is seen in full.</summary>
    public FieldSet Fields { get; init; } = FieldSet.Summary;

    /// <summary>The record's id, where it can be shared.</summary>
    public Expression<Func<T, long>>? Id { get; init; }

    /// <summary>Seen by a partner's person whatever is granted, for what hangs below a record or follows no class.</summary>
    public Expression<Func<T, PortalDbContext, bool>>? PartnerAlways { get; init; }

    /// <summary>The partner company whose own data the record is; its people see it whatever is granted.</summary>
    public Expression<Func<T, long?>>? PartnerCompany { get; init; }

    public IReadOnlyList<PartnerRule<T>> PartnerRules { get; init; } = [];

    /// <summary>A condition that holds for partners on top of every rule and share: published, valid.</summary>
    public Expression<Func<T, PortalDbContext, bool>>? PartnerOnlyWhen { get; init; }

    /// <summary>Owner column, for the reaches own and team; null where the class has no owner.</summary>
    public Expression<Func<T, long?>>? Owner { get; init; }

    public Expression<Func<T, long?>>? Territory { get; init; }

    /// <summary>For what hangs below a record or follows no class: the whole rule for staff of any reach. Null: staff see all.</summary>
    public Expression<Func<T, PortalDbContext, bool>>? Staff { get; init; }
}

/// <summary>Beside the storage of a type: who sees it. A type without sight stops the model from building.</summary>
public interface ISight<T> where T : class
{
    Sight<T> Sight { get; }
}
