using System.Buffers.Text;
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Portal.Web.Ui.Forms;

/// <param name="Field">As the form posts it: <c>Input.Name</c>.</param>
/// <param name="Yours">As the field would post it.</param>
/// <param name="Theirs">What was saved meanwhile, in the same form.</param>
/// <param name="TakesTheirs">Only they changed it, so that theirs is what saving again keeps unless the reader says otherwise.</param>
public sealed record FieldConflict(string Field, string Yours, string Theirs, bool TakesTheirs);

/// <summary>The fields that a newer save changed and an edit holds otherwise. While a page carries one, its <c>portal-field</c>s offer both values to choose from.</summary>
public sealed record ConflictView(IReadOnlyDictionary<string, FieldConflict> Fields)
{
    public static ConflictView? Of(ViewDataDictionary view) => view[nameof(ConflictView)] as ConflictView;
}

public static class EditConflicts
{
    /// <summary>
    /// Compares what was posted with what is stored now and with what the form had shown, and puts before the reader what somebody else changed; saving again, over the newer version,
    /// is then a choice and not an accident. What only the reader changed stays without a question; rows that only the others changed are taken over.
    /// Set <c>Input.Version</c> to the newer version comes with it.
    /// </summary>
    /// <param name="posted">The input model as posted, with a settable <c>Version</c>.</param>
    /// <param name="current">The same input model made from the record as it is now, with its version.</param>
    /// <returns>The page, for the handler to return.</returns>
    public static PageResult Conflict<TInput>(this PageModel page, TInput posted, TInput current, string prefix = "Input") where TInput : class
    {
        var fields = new Dictionary<string, FieldConflict>(StringComparer.Ordinal);
        var shown = ShownFields.Posted(page.Request);
        foreach (var property in typeof(TInput).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p is { CanRead: true, CanWrite: true }))
        {
            var name = $"{prefix}.{property.Name}";
            if (property.Name == "Version")
            {
                property.SetValue(posted, property.GetValue(current));
                page.ModelState.Remove(name);
                continue;
            }
            var isSimple = ShownFields.IsSimple(property.PropertyType);
            if (isSimple && !page.Request.Form.ContainsKey(name)) { continue; }
            var (yours, theirs) = (ShownFields.Text(property.GetValue(posted), page.HttpContext), ShownFields.Text(property.GetValue(current), page.HttpContext));
            var before = shown?.GetValueOrDefault(property.Name);
            if (ShownFields.Sum(yours) == ShownFields.Sum(theirs) || ShownFields.Sum(theirs) == before) { continue; }
            var takesTheirs = ShownFields.Sum(yours) == before;
            if (isSimple || ShownFields.IsListOfSimple(property.PropertyType)) { fields[name] = new(name, yours, theirs, takesTheirs); }
            if (isSimple || !takesTheirs) { continue; }
            property.SetValue(posted, property.GetValue(current));
            foreach (var row in page.ModelState.Keys.Where(key => key == name || key.StartsWith(name + "[", StringComparison.Ordinal)).ToArray()) { page.ModelState.Remove(row); }
        }
        page.ViewData[nameof(ShownFields)] = ShownFields.Of(current, page.HttpContext);
        page.ViewData[nameof(ConflictView)] = new ConflictView(fields);
        page.Response.StatusCode = StatusCodes.Status409Conflict;
        return page.Page();
    }

}

/// <summary>
/// What the fields of an edit form held when it was opened, as short sums that the form carries along: with them a conflict knows who changed what. Whoever alters them
/// only changes the questions put to himself.
/// </summary>
public static class ShownFields
{
    public const string Field = "__shown";
    private const int SumBytes = 6;

    public static string Of(object input, HttpContext http) =>
        string.Join(' ', Properties(input.GetType()).Where(p => p.Name != "Version").Select(p => $"{p.Name}:{Sum(Text(p.GetValue(input), http))}"));

    /// <returns>The sum by property; null from a form that carries none.</returns>
    public static IReadOnlyDictionary<string, string>? Posted(HttpRequest request) => request.HasFormContentType && request.Form[Field] is [{ Length: > 0 } sums]
        ? sums.Split(' ').Select(pair => pair.Split(':')).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal) : null;

    /// <summary>For an edit form, which has a version; what was posted stays until a conflict was shown.</summary>
    public static string? For(ViewContext view)
    {
        if (view.ViewData[nameof(ShownFields)] is string now) { return now; }
        var request = view.HttpContext.Request;
        if (HttpMethods.IsPost(request.Method)) { return request.HasFormContentType ? request.Form[Field].ToString() : null; }
        return view.ViewData.Model?.GetType().GetProperty("Input")?.GetValue(view.ViewData.Model) is { } input && input.GetType().GetProperty("Version")?.GetValue(input) is long and > 0 ? Of(input, view.HttpContext) : null;
    }

    internal static string Sum(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))).AsSpan(0, SumBytes));

    /// <summary>A list of choices without order; rows as they stand, without those that are not filled in.</summary>
    internal static string Text(object? value, HttpContext http) => value switch
    {
        string or not IEnumerable => FieldValue.Text(value, http),
        IEnumerable several when IsListOfSimple(several.GetType()) => string.Join(',', several.Cast<object>().Select(one => FieldValue.Text(one, http)).Order(StringComparer.Ordinal)),
        IEnumerable rows => string.Join('\n', rows.Cast<object>().Select(row => Row(row, http)).Where(row => row.Length > 0)),
    };

    internal static bool IsSimple(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(DateTimeOffset);
    }

    internal static bool IsListOfSimple(Type type) => type.IsGenericType && type.GetGenericArguments() is [var one] && IsSimple(one);

    private static string Row(object row, HttpContext http)
    {
        var cells = Properties(row.GetType()).Where(p => p.PropertyType != typeof(bool) || p.GetValue(row) is true).Select(p => FieldValue.Text(p.GetValue(row), http)).ToArray();
        return cells.All(cell => cell.Length == 0) ? "" : string.Join('\u001f', cells);
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p is { CanRead: true, CanWrite: true });
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
