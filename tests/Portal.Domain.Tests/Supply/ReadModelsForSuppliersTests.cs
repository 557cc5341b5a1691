using System.Reflection;
using Portal.Domain.Supply;
using Xunit;

namespace Portal.Domain.Tests.Supply;

/// <summary>Whose demand it is has no place in what a supplier's page can receive.</summary>
public sealed class ReadModelsForSuppliersTests
{
    private static readonly Type[] Roots = [typeof(DemandForSupplier), typeof(DemandGridPage)];

    [Fact, Trait("asvs", "V8.1.2")]
    public void No_type_that_a_supplier_s_page_receives_names_a_company_or_a_site()
    {
        var seen = new HashSet<Type>();
        var toVisit = new Queue<Type>([.. Roots, .. typeof(DemandForSupplier).Assembly.GetExportedTypes().Where(t => t.Name.EndsWith("ForSupplier", StringComparison.Ordinal))]);
        while (toVisit.TryDequeue(out var type))
        {
            if (!seen.Add(type)) { continue; }
            foreach (var argument in type.GetGenericArguments()) { toVisit.Enqueue(argument); }
            if (type.GetElementType() is { } element) { toVisit.Enqueue(element); }
            if (type.Namespace?.StartsWith("Portal.", StringComparison.Ordinal) is not true || type.IsEnum) { continue; }
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                Assert.DoesNotContain("Company", property.Name, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("Customer", property.Name, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("Site", property.Name, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("Origin", property.Name, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("Reporter", property.Name, StringComparison.OrdinalIgnoreCase);
                toVisit.Enqueue(property.PropertyType);
            }
        }
        Assert.DoesNotContain(typeof(DemandSignal), seen);
    }
}
