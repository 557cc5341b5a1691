using Portal.Domain.Companies;

namespace Portal.Web.Pages.Companies;

/// <summary>Who reports to whom, as a forest: those without a manager, or whose manager is not there, stand at the top.</summary>
public sealed record OrganisationChart(IReadOnlyList<OrganisationChart.Node> Top, bool IsCut)
{
    public sealed record Node(ChartContact Contact, IReadOnlyList<Node> Reports);

    public static OrganisationChart Of(IReadOnlyList<ChartContact> contacts)
    {
        var known = contacts.Select(c => c.Id).ToHashSet();
        var byManager = contacts.Where(c => c.ManagerId is { } m && known.Contains(m)).ToLookup(c => c.ManagerId!.Value);
        var drawn = new HashSet<long>();
        List<Node> top = [.. contacts.Where(c => c.ManagerId is not { } m || !known.Contains(m)).Select(Draw)];
        // Imported data may run in circles; each circle is drawn from its first member, so that nobody is left out.
        foreach (var left in contacts.Where(c => !drawn.Contains(c.Id))) { if (!drawn.Contains(left.Id)) { top.Add(Draw(left)); } }
        return new(top, contacts.Count >= CompanyQueries.LargestChart);

        Node Draw(ChartContact contact)
        {
            drawn.Add(contact.Id);
            return new(contact, [.. byManager[contact.Id].Where(c => !drawn.Contains(c.Id)).Select(Draw)]);
        }
    }
}
