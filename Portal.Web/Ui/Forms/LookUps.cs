using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;

namespace Portal.Web.Ui.Forms;

/// <param name="Detail">What tells two of the same name apart: the city, the code.</param>
public sealed record LookUpHit(long Id, string Name, string Detail = "");

/// <summary>Finds records by name for a field or filter. Its queries run in the reader's scope: it offers nothing that the reader cannot see.</summary>
public interface ILookUp
{
    /// <summary>As fields and filters name it: <c>company</c>.</summary>
    string Name { get; }

    /// <summary>Who may ask; checked before <see cref="FindAsync"/>.</summary>
    string Permission { get; }

    /// <param name="words">As typed; empty for the first few.</param>
    /// <returns>At most ten.</returns>
    Task<IReadOnlyList<LookUpHit>> FindAsync(string words, CancellationToken ct);

    /// <returns>Null where the reader sees no such record.</returns>
    Task<string?> NameAsync(long id, CancellationToken ct);
}

public static class LookUps
{
    public static IServiceCollection AddLookUp<TLookUp>(this IServiceCollection services) where TLookUp : class, ILookUp => services.AddScoped<ILookUp, TLookUp>();

    public static ILookUp? Find(IServiceProvider services, string name) => services.GetServices<ILookUp>().FirstOrDefault(lookUp => lookUp.Name == name);

    /// <summary>One address for all: a list of options for the field that asked.</summary>
    public static void MapLookUps(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/look-up/{name}", async (string name, string? words, HttpContext http, CancellationToken ct) =>
    {
        if (Find(http.RequestServices, name) is not { } lookUp || !Viewer.Of(http).May(lookUp.Permission)) { return Results.NotFound(); }
        var asked = (words ?? "").Trim();
        var hits = await lookUp.FindAsync(asked.Length > 100 ? asked[..100] : asked, ct);
        var html = new System.Text.StringBuilder();
        foreach (var hit in hits)
        {
            var encoded = HtmlEncoder.Default.Encode(hit.Name);
            html.Append(CultureInfo.InvariantCulture, $"<li role=\"option\" id=\"hit-{hit.Id}\" data-id=\"{hit.Id}\" data-name=\"{encoded}\" aria-selected=\"false\">{encoded}<span>{HtmlEncoder.Default.Encode(hit.Detail)}</span></li>");
        }
        if (hits.Count == 0)
        {
            var text = http.RequestServices.GetRequiredService<IStringLocalizer<UiText>>();
            html.Append(CultureInfo.InvariantCulture, $"<li role=\"option\" aria-disabled=\"true\" aria-selected=\"false\">{WebUtility.HtmlEncode(text["field.look-up.none"])}</li>");
        }
        return Results.Content(html.ToString(), "text/html; charset=utf-8");
    }).RequireAuthorization(Permissions.SignedIn).WithMetadata(new Access.ShownInViewAttribute(true)).WithName("look-up");
}

/// <summary>
/// A field for another record: the words typed find it, its id is posted. Without script the words are posted as <c>{name}.words</c> and
/// <see cref="LookUpBinding"/> takes the one record that bears them.
/// </summary>
public sealed class LookUpInput(string id, string name, string value, string words, string lookUp, IStringLocalizer text, string describedBy = "", bool invalid = false, bool required = false, string? hint = null) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        void Attribute(string attribute, string content) { writer.Write($" {attribute}=\""); encoder.Encode(writer, content); writer.Write('"'); }
        writer.Write("<div class=\"portal-look-up\" data-look-up");
        Attribute("data-url", "/look-up/" + lookUp);
        writer.Write("><input type=\"hidden\"");
        Attribute("name", name);
        Attribute("value", value);
        writer.Write("><input type=\"text\" role=\"combobox\" autocomplete=\"off\" aria-autocomplete=\"list\" aria-expanded=\"false\" maxlength=\"100\"");
        Attribute("class", invalid ? "form-control is-invalid" : "form-control");
        Attribute("id", id);
        Attribute("name", name + ".words");
        Attribute("value", words);
        Attribute("aria-controls", id + "-hits");
        Attribute("placeholder", hint ?? text["field.look-up.help"]);
        if (describedBy.Length > 0) { Attribute("aria-describedby", describedBy); }
        if (invalid) { writer.Write(" aria-invalid=\"true\""); }
        if (required) { writer.Write(" aria-required=\"true\""); }
        writer.Write("><ul class=\"portal-look-up-hits\" role=\"listbox\"");
        Attribute("id", id + "-hits");
        writer.Write("></ul></div>");
    }
}
