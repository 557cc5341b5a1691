using System.Text;
using System.Text.Json;

namespace Portal.Web.Pages.Access.Audit;

/// <summary>Changes as the audit trail keeps them, an object of field to [from, to], as a line to read: <c>Name: Alpine → Alpine AG; City: Bern</c>.</summary>
public static class ChangeWords
{
    /// <returns>The text itself where it is no such object.</returns>
    public static string Of(string changes)
    {
        if (changes.Length == 0) { return ""; }
        try
        {
            using var kept = JsonDocument.Parse(changes);
            if (kept.RootElement.ValueKind is not JsonValueKind.Object) { return changes; }
            var words = new StringBuilder(changes.Length);
            foreach (var field in kept.RootElement.EnumerateObject())
            {
                if (field.Value.ValueKind is not JsonValueKind.Array || field.Value.GetArrayLength() != 2) { return changes; }
                if (words.Length > 0) { words.Append("; "); }
                words.Append(field.Name).Append(": ");
                if (Value(field.Value[0]) is { Length: > 0 } from) { words.Append(from).Append(" → "); }
                words.Append(Value(field.Value[1]) is { Length: > 0 } to ? to : "–");
            }
            return words.ToString();
        }
        catch (JsonException)
        {
            return changes;
        }
    }

    private static string? Value(JsonElement value) => value.ValueKind is JsonValueKind.Null ? null : value.ValueKind is JsonValueKind.String ? value.GetString() : value.GetRawText();
}
