using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Portal.Web.Ui.Forms;

/// <param name="Field">As the form posts it: <c>Input.Name</c>.</param>
/// <param name="Yours">As the field would post it.</param>
/// <param name="Theirs">What was saved meanwhile, in the same form.</param>
public sealed record FieldConflict(string Field, string Yours, string Theirs);

/// <summary>The fields in which an edit and a newer save differ. While a page carries one, its <c>portal-field</c>s offer both values to choose from.</summary>
public sealed record ConflictView(IReadOnlyDictionary<string, FieldConflict> Fields)
{
    public static ConflictView? Of(ViewDataDictionary view) => view[nameof(ConflictView)] as ConflictView;
}

public static class EditConflicts
{
    /// <summary>
    /// Compares what was posted with what is stored now and puts the difference before the reader; saving again, over the newer version, is then a choice and
    /// not an accident. Set <c>Input.Version</c> to the newer version comes with it.
    /// </summary>
    /// <param name="posted">The input model as posted, with a settable <c>Version</c>.</param>
    /// <param name="current">The same input model made from the record as it is now, with its version.</param>
    /// <returns>The page, for the handler to return.</returns>
    public static PageResult Conflict<TInput>(this PageModel page, TInput posted, TInput current, string prefix = "Input") where TInput : class
    {
        var fields = new Dictionary<string, FieldConflict>(StringComparer.Ordinal);
        foreach (var property in typeof(TInput).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p is { CanRead: true, CanWrite: true }))
        {
            var name = $"{prefix}.{property.Name}";
            if (property.Name == "Version")
            {
                property.SetValue(posted, property.GetValue(current));
                page.ModelState.Remove(name);
                continue;
            }
            if (!IsSimple(property.PropertyType)) { continue; }
            var (yours, theirs) = (FieldValue.Text(property.GetValue(posted), page.HttpContext), FieldValue.Text(property.GetValue(current), page.HttpContext));
            if (yours.ReplaceLineEndings("\n") != theirs.ReplaceLineEndings("\n")) { fields[name] = new(name, yours, theirs); }
        }
        page.ViewData[nameof(ConflictView)] = new ConflictView(fields);
        page.Response.StatusCode = StatusCodes.Status409Conflict;
        return page.Page();
    }

    private static bool IsSimple(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(DateTimeOffset);
    }
}

/// <summary>A value as a field holds and posts it.</summary>
public static class FieldValue
{
    /// <summary>As money is written, with its cents.</summary>
    public static string Amount(decimal amount) => amount.ToString("0.00##", CultureInfo.InvariantCulture);

    public static string Text(object? value, HttpContext http) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        decimal number => number.ToString("0.####", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm", CultureInfo.InvariantCulture),
        DateTimeOffset instant => TimeZoneInfo.ConvertTime(instant, Viewer.Of(http).TimeZone).ToString(LocalInstantBinding.Form, CultureInfo.InvariantCulture),
        Enum word => word.ToString(),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
