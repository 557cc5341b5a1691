namespace Portal.Web.Ui.Lists;

/// <summary>
/// Stands in the expressions of a list for the records of another kind that the reader sees, so that a row can show a name across areas:
/// <c>Seen.Of&lt;Company&gt;().Where(c => c.Id == item.SupplierId).Select(c => c.Name).FirstOrDefault()</c>. What the reader does not see is absent.
/// </summary>
public static class Seen
{
    public static IQueryable<T> Of<T>() where T : class => throw new InvalidOperationException("It stands for a set within the expressions of a list.");
}
