using Portal.Domain.Common;
using Portal.Domain.Companies;

namespace Portal.Domain.Access;

/// <summary>The rules that a new house starts with: what each kind of partner sees through its own place in a record. Without them partners see nothing.</summary>
public static class StandardGrants
{
    /// <summary>How long the rules hold before somebody has to decide anew.</summary>
    public const int Years = 1;

    /// <param name="grantedBy">0: the system.</param>
    public static IEnumerable<AccessGrant> Make(IdSource ids, DateTimeOffset now, long grantedBy = 0)
    {
        foreach (var (kind, relationship, recordClass, fields, actions) in Rules)
        {
            yield return new AccessGrant
            {
                Id = ids.Next(), Key = ScopeKeys.Kind(kind), Relationship = relationship, RecordClass = recordClass, Fields = fields, Actions = actions,
                From = now, Until = now.AddYears(Years), Reason = "Standard rule of the first set-up", GrantedBy = grantedBy,
            };
        }
    }

    private static readonly (CompanyRole Kind, Relationship Relationship, RecordClass Class, FieldSet Fields, GrantActions Actions)[] Rules =
    [
        (CompanyRole.Supplier, Relationship.SupplierOf, RecordClass.DemandSignal, FieldSet.Full, GrantActions.Read),
        (CompanyRole.Supplier, Relationship.SupplierOf, RecordClass.Product, FieldSet.Full, GrantActions.Read),
        (CompanyRole.Distributor, Relationship.DistributorOf, RecordClass.DemandSignal, FieldSet.Full, GrantActions.Read | GrantActions.Edit),
        (CompanyRole.Distributor, Relationship.RegisteredOn, RecordClass.Opportunity, FieldSet.Full, GrantActions.Read | GrantActions.Comment),
        (CompanyRole.Distributor, Relationship.ParticipantIn, RecordClass.Product, FieldSet.Summary, GrantActions.Read),
        (CompanyRole.ChannelPartner, Relationship.RegisteredOn, RecordClass.Opportunity, FieldSet.Full, GrantActions.Read | GrantActions.Comment | GrantActions.Edit),
        (CompanyRole.ChannelPartner, Relationship.ParticipantIn, RecordClass.Product, FieldSet.Summary, GrantActions.Read),
    ];
}
