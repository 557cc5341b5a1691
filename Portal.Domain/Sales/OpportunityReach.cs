using Portal.Domain.Access;

namespace Portal.Domain.Sales;

public static class OpportunityReach
{
    extension(AccessScope scope)
    {
        /// <summary>Whether an opportunity with these columns is the asker's without any share: the sight of opportunities, asked before there is a row. Never for a partner.</summary>
        public bool HoldsOpportunity(long? owner, long? territory) => scope.Kind is not ScopeKind.Partner && (scope.ReachIn(RecordClass.Opportunity) is Reach.All
            || owner is { } person && scope.OpportunityOwners().Contains(person)
            || territory is { } area && scope.OpportunityTerritories().Contains(area));

        /// <summary>Whose opportunities the reach covers; none where it covers all or nothing.</summary>
        internal long[] OpportunityOwners() => scope.ReachIn(RecordClass.Opportunity) switch
        {
            Reach.Own => [scope.PersonId],
            Reach.Team or Reach.Territory => scope.TeamPeople,
            Reach.None or Reach.All => [],
            _ => throw new InvalidOperationException("A reach is none, own, team, territory or all."),
        };

        internal long[] OpportunityTerritories() => scope.ReachIn(RecordClass.Opportunity) is Reach.Territory ? scope.Territories : [];
    }
}
