using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace Portal.Web.Ui.Forms;

/// <summary>
/// One field, whole: label, control, help and error, tied together for those who do not see the page. The control follows the property's type:
/// text, number, date, date and time, yes-or-no, one of an enum, several of an enum, another record (<see cref="LookUpAttribute"/>).
/// <code>
/// &lt;portal-field for="Input.Name" /&gt;
/// &lt;portal-field for="Input.Amount" currency-for="Input.Currency" /&gt;
/// &lt;portal-field for="Input.Notes" rows="5" wide="true" help="@Text["company.notes.help"]" /&gt;
/// &lt;portal-field for="Input.StageId" items="Model.Stages" /&gt;
/// &lt;portal-field for="Input.OwnerId" look-up-text="@Model.OwnerName" /&gt;
/// </code>
/// </summary>
[HtmlTargetElement("portal-field", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class FieldTagHelper(IStringLocalizerFactory texts, HtmlEncoder encoder) : TagHelper
{
    private static readonly string[] Currencies = ["EUR", "USD", "CNY", "GBP", "JPY", "CHF", "HKD", "SGD", "KRW", "AUD", "CAD", "SEK", "NOK", "DKK", "PLN", "CZK", "INR", "BRL", "MXN", "ZAR"];

    [HtmlAttributeNotBound, ViewContext] public ViewContext View { get; set; } = null!;

    public required ModelExpression For { get; set; }

    /// <summary>Replaces the label that the property's Display attribute names.</summary>
    public string? Label { get; set; }
    public string? Help { get; set; }
    /// <summary>An HTML input type, where the property's own is not meant: <c>email</c>, <c>tel</c>, <c>password</c>, <c>file</c>.</summary>
    public string? Type { get; set; }
    /// <summary>Options instead of free input; the property may be a single value or a collection.</summary>
    public IEnumerable<SelectListItem>? Items { get; set; }
    /// <summary>Lines of a text area; 0 for one line.</summary>
    public int Rows { get; set; }
    public bool Wide { get; set; }
    public string? Autocomplete { get; set; }
    public string? Placeholder { get; set; }
    /// <summary>For a file field: the kinds taken, as in HTML.</summary>
    public string? Accept { get; set; }
    /// <summary>The ISO code beside an amount.</summary>
    public ModelExpression? CurrencyFor { get; set; }
    /// <summary>An amount whose currency stands elsewhere on the form: written with its cents.</summary>
    public bool Amount { get; set; }
    /// <summary>The name of the record that a look-up field points at now.</summary>
    public string? LookUpText { get; set; }
    public bool Autofocus { get; set; }

    private IStringLocalizer Ui => texts.Create(typeof(UiText));

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var name = View.ViewData.TemplateInfo.GetFullHtmlFieldName(For.Name);
        var field = new Field(name, TagBuilder.CreateSanitizedId(name, "_"), Label ?? For.Metadata.GetDisplayName(), Errors(name), Required());
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Wide || Rows > 0 ? "portal-field wide" : "portal-field");
        var html = output.Content;
        var conflict = Conflict(name);
        if (IsSeveral) { Several(html, field, conflict); }
        else if (conflict is not null) { await ChoiceAsync(html, field, conflict); }
        else if (IsYesNo) { YesNo(html, field); }
        else { Single(html, field); }
        if (CurrencyConflict is { } currency) { await ChoiceAsync(html, new Field(currency.Field, TagBuilder.CreateSanitizedId(currency.Field, "_"), Ui["field.currency"], [], Required: false), currency); }
        else if (conflict is not null && CurrencyFor is not null) { Currency(html); }
        if (!string.IsNullOrEmpty(Help)) { Write(html, $"<p class=\"form-hint\" id=\"{field.Id}-help\">", Help, "</p>"); }
        for (var i = 0; i < field.Errors.Count; i++) { Write(html, i == 0 ? $"<p class=\"portal-error\" id=\"{field.Id}-error\">" : "<p class=\"portal-error\">", field.Errors[i], "</p>"); }
    }

    private FieldConflict? Conflict(string name) => ConflictView.Of(View.ViewData)?.Fields.GetValueOrDefault(name);

    private FieldConflict? CurrencyConflict => CurrencyFor is null ? null : Conflict(View.ViewData.TemplateInfo.GetFullHtmlFieldName(CurrencyFor.Name));

    private bool IsYesNo => For.ModelExplorer.ModelType == typeof(bool);

    private bool IsSeveral => For.ModelExplorer.ModelType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(For.ModelExplorer.ModelType);

    private Type ValueType => Nullable.GetUnderlyingType(For.ModelExplorer.ModelType) ?? For.ModelExplorer.ModelType;

    private void Single(TagHelperContent html, Field field)
    {
        LabelOf(html, field);
        var value = (CurrencyFor is not null || Amount) && For.Model is decimal amount && !View.ViewData.ModelState.ContainsKey(field.Name) ? FieldValue.Amount(amount) : Value(field.Name, For.Model);
        if (LookUpName is { } lookUp)
        {
            var words = View.ViewData.ModelState.TryGetValue(field.Name + ".words", out var typed) ? typed.AttemptedValue : null;
            html.AppendHtml(new LookUpInput(field.Id, field.Name, value, words ?? PostedWords(field.Name) ?? LookUpText ?? "", lookUp, Ui, Described(field), field.Errors.Count > 0, field.Required));
            return;
        }
        if ((Items ?? EnumItems()) is { } items) { Select(html, field, items, value); return; }
        if (Rows > 0)
        {
            html.AppendHtml($"<textarea rows=\"{Rows.ToString(CultureInfo.InvariantCulture)}\"{Common(field)}>\n");
            html.Append(value);
            html.AppendHtml("</textarea>");
            return;
        }
        var withCurrency = CurrencyFor is not null && CurrencyConflict is null;
        if (withCurrency) { html.AppendHtml("<div class=\"portal-money\">"); }
        var (type, mode) = InputType();
        html.AppendHtml($"<input type=\"{type}\"{mode}{Common(field)}");
        if (type is not ("password" or "file")) { Write(html, " value=\"", value, "\""); }
        if (Accept is not null) { Write(html, " accept=\"", Accept, "\""); }
        html.AppendHtml(">");
        if (withCurrency) { Currency(html); html.AppendHtml("</div>"); }
    }

    private (string Type, string Mode) InputType() => Type is not null ? (Type, "")
        : ValueType == typeof(DateOnly) ? ("date", "")
        : ValueType == typeof(TimeOnly) ? ("time", "")
        : ValueType == typeof(DateTimeOffset) ? ("datetime-local", "")
        : ValueType == typeof(decimal) ? ("text", " inputmode=\"decimal\"")
        : ValueType == typeof(int) || ValueType == typeof(long) ? ("text", " inputmode=\"numeric\"")
        : For.Metadata.DataTypeName switch
        {
            nameof(DataType.EmailAddress) => ("email", ""),
            nameof(DataType.PhoneNumber) => ("tel", ""),
            nameof(DataType.Url) => ("url", ""),
            nameof(DataType.Password) => ("password", ""),
            _ => ("text", ""),
        };

    private void Select(TagHelperContent html, Field field, IEnumerable<SelectListItem> items, string value)
    {
        html.AppendHtml($"<select class=\"{(field.Errors.Count > 0 ? "form-select is-invalid" : "form-select")}\"{Identity(field)}>");
        if (!For.ModelExplorer.ModelType.IsEnum && (!field.Required || value.Length == 0)) { Write(html, "<option value=\"\">", Ui[field.Required ? "field.choose" : "field.none"], "</option>"); }
        foreach (var item in items) { Option(html, item, string.Equals(item.Value, value, StringComparison.Ordinal)); }
        html.AppendHtml("</select>");
    }

    private void Currency(TagHelperContent html)
    {
        var name = View.ViewData.TemplateInfo.GetFullHtmlFieldName(CurrencyFor!.Name);
        var value = Value(name, CurrencyFor.Model);
        Write(html, "<select class=\"form-select\" name=\"", name, "\"");
        Write(html, " aria-label=\"", Ui["field.currency"], "\">");
        foreach (var code in value.Length > 0 && !Currencies.Contains(value) ? [value, .. Currencies] : Currencies) { Option(html, new SelectListItem(code, code), code == value); }
        html.AppendHtml("</select>");
    }

    private void YesNo(TagHelperContent html, Field field)
    {
        var on = Value(field.Name, For.Model).StartsWith("true", StringComparison.OrdinalIgnoreCase);
        html.AppendHtml($"<label class=\"form-check\"><input type=\"checkbox\" class=\"form-check-input\" value=\"true\"{Identity(field)}{(on ? " checked" : "")}>");
        Write(html, "<span class=\"form-check-label\">", field.Label, "</span></label>");
        Write(html, "<input type=\"hidden\" name=\"", field.Name, "\" value=\"false\">");
    }

    private void Several(TagHelperContent html, Field field, FieldConflict? conflict)
    {
        var element = For.Metadata.ElementType ?? typeof(string);
        var items = Items ?? (element.IsEnum ? EnumItems(element) : []);
        var chosen = (View.ViewData.ModelState.TryGetValue(field.Name, out var posted) && posted.AttemptedValue is { } attempted
            ? attempted.Split(',') : ((IEnumerable?)For.Model)?.Cast<object>().Select(value => FieldValue.Text(value, View.HttpContext)) ?? []).ToHashSet(StringComparer.Ordinal);
        html.AppendHtml($"<fieldset id=\"{field.Id}\" tabindex=\"-1\"{DescribedBy(field)}>");
        Write(html, "<legend>", field.Label, "");
        html.AppendHtml($"{RequiredMark(field)}</legend><div class=\"portal-filter-choices\">");
        SelectListGroup? group = null;
        foreach (var item in items!)
        {
            if (item.Group is not null && item.Group != group) { Write(html, "</div><p class=\"portal-choice-group\">", item.Group.Name, "</p><div class=\"portal-filter-choices\">"); }
            group = item.Group;
            html.AppendHtml("<label class=\"form-check\"><input type=\"checkbox\" class=\"form-check-input\"");
            Write(html, " name=\"", field.Name, "\"");
            Write(html, " value=\"", item.Value ?? "", chosen.Contains(item.Value ?? "") ? "\" checked>" : "\">");
            Write(html, "<span class=\"form-check-label\">", item.Text, "</span></label>");
        }
        html.AppendHtml("</div></fieldset>");
        if (conflict is null) { return; }
        var theirs = conflict.Theirs.Split(',').ToHashSet(StringComparer.Ordinal);
        Write(html, "<p class=\"portal-choice\">", Ui["conflict.field", field.Label], "<br><strong>");
        Write(html, "", Ui["label.value", Ui["conflict.theirs"], ""], "</strong>");
        html.Append(conflict.Theirs.Length == 0 ? Ui["conflict.empty"] : string.Join(", ", items!.Where(item => theirs.Contains(item.Value ?? "")).Select(item => item.Text))).AppendHtml("</p>");
    }

    /// <summary>Yours or theirs: the two values are the field, so that choosing needs no script.</summary>
    private async Task ChoiceAsync(TagHelperContent html, Field field, FieldConflict conflict)
    {
        html.AppendHtml($"<fieldset class=\"portal-choice\" id=\"{field.Id}\" tabindex=\"-1\">");
        Write(html, "<legend>", Ui["conflict.field", field.Label], "</legend>");
        foreach (var (value, text, chosen) in new[] { (conflict.Yours, "conflict.yours", !conflict.TakesTheirs), (conflict.Theirs, "conflict.theirs", conflict.TakesTheirs) })
        {
            html.AppendHtml("<label class=\"form-check\"><input type=\"radio\" class=\"form-check-input\"");
            Write(html, " name=\"", field.Name, "\"");
            Write(html, " value=\"", value, chosen ? "\" checked>" : "\">");
            Write(html, "<span class=\"form-check-label\"><strong>", Ui["label.value", Ui[text], ""], "</strong>");
            Write(html, "<span>", await ShownAsync(value), "</span></span></label>");
        }
        html.AppendHtml("</fieldset>");
    }

    private async Task<string> ShownAsync(string value)
    {
        if (value.Length == 0) { return Ui["conflict.empty"]; }
        if (LookUpName is { } lookUp && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && LookUps.Find(View.HttpContext.RequestServices, lookUp) is { } names) { return await names.NameAsync(id, View.HttpContext.RequestAborted) ?? value; }
        if (IsYesNo) { return Ui[value == "true" ? "form.yes" : "form.no"]; }
        return (Items ?? EnumItems())?.FirstOrDefault(item => item.Value == value)?.Text ?? value;
    }

    private void LabelOf(TagHelperContent html, Field field)
    {
        Write(html, $"<label class=\"form-label\" for=\"{field.Id}\">", field.Label, "");
        html.AppendHtml($"{RequiredMark(field)}</label>");
    }

    private string RequiredMark(Field field) =>
        field.Required ? $" <span class=\"portal-required\" title=\"{encoder.Encode(Ui["field.required"])}\" aria-hidden=\"true\">*</span>" : "";

    private string Common(Field field)
    {
        var length = For.Metadata is DefaultModelMetadata metadata
            ? metadata.ValidatorMetadata.Select(rule => rule switch { StringLengthAttribute s => s.MaximumLength, MaxLengthAttribute m => m.Length, _ => 0 }).Where(l => l > 0).DefaultIfEmpty(0).Min() : 0;
        return $" class=\"{(field.Errors.Count > 0 ? "form-control is-invalid" : "form-control")}\"{Identity(field)}"
            + (length > 0 && ValueType == typeof(string) ? $" maxlength=\"{length.ToString(CultureInfo.InvariantCulture)}\"" : "")
            + (Autocomplete is null ? "" : $" autocomplete=\"{encoder.Encode(Autocomplete)}\"")
            + (Placeholder is null ? "" : $" placeholder=\"{encoder.Encode(Placeholder)}\"");
    }

    private string Identity(Field field) =>
        $" id=\"{field.Id}\" name=\"{encoder.Encode(field.Name)}\"{DescribedBy(field)}"
        + (field.Errors.Count > 0 ? " aria-invalid=\"true\"" : "")
        + (field.Required && !IsYesNo ? " aria-required=\"true\"" : "")
        + (Autofocus ? " autofocus" : "");

    private string DescribedBy(Field field) => Described(field) is { Length: > 0 } ids ? $" aria-describedby=\"{ids}\"" : "";

    private string Described(Field field) =>
        string.Join(' ', new[] { string.IsNullOrEmpty(Help) ? "" : field.Id + "-help", field.Errors.Count > 0 ? field.Id + "-error" : "" }.Where(id => id.Length > 0));

    private string? LookUpName => (For.Metadata as DefaultModelMetadata)?.Attributes.PropertyAttributes?.OfType<LookUpAttribute>().FirstOrDefault()?.Name;

    private string? PostedWords(string name)
    {
        var request = View.HttpContext.Request;
        return HttpMethods.IsPost(request.Method) && request.HasFormContentType && request.Form.TryGetValue(name + ".words", out var words) ? words.ToString() : null;
    }

    private IEnumerable<SelectListItem>? EnumItems() => ValueType.IsEnum ? EnumItems(ValueType) : null;

    private List<SelectListItem> EnumItems(Type type)
    {
        var words = AreaTexts.For(For.Metadata.ContainerType ?? typeof(UiText), texts);
        return [.. Enum.GetValues(type).Cast<Enum>().Select(value => new SelectListItem(words[Display.Key(value)], value.ToString()))];
    }

    /// <summary>A mark only where the reader can leave it empty: not on a choice that always has a value, nor on a list that need not have any.</summary>
    private bool Required() => For.Metadata.IsRequired && !IsYesNo && !For.ModelExplorer.ModelType.IsEnum
        && (!IsSeveral || For.Metadata is DefaultModelMetadata metadata && metadata.Attributes.PropertyAttributes?.OfType<RequiredAttribute>().Any() is true);

    private string Value(string name, object? model) =>
        View.ViewData.ModelState.TryGetValue(name, out var posted) && posted.AttemptedValue is { } attempted ? attempted : FieldValue.Text(model, View.HttpContext);

    private List<string> Errors(string name) => View.ViewData.ModelState.TryGetValue(name, out var state) ? [.. state.Errors.Select(error => error.ErrorMessage).Distinct()] : [];

    private void Option(TagHelperContent html, SelectListItem item, bool selected)
    {
        Write(html, "<option value=\"", item.Value ?? "", selected ? "\" selected>" : "\">");
        html.Append(item.Text).AppendHtml("</option>");
    }

    private static void Write(TagHelperContent html, string before, string text, string after) => html.AppendHtml(before).Append(text).AppendHtml(after);

    private sealed record Field(string Name, string Id, string Label, List<string> Errors, bool Required);
}

/// <summary>What is wrong, over the form, each with a link to its field; the conflict with a newer save stands there too.</summary>
[HtmlTargetElement("portal-summary", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class SummaryTagHelper(IStringLocalizer<UiText> text) : TagHelper
{
    [HtmlAttributeNotBound, ViewContext] public ViewContext View { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        var html = output.Content;
        if (ShownFields.For(View) is { Length: > 0 } shown) { html.AppendHtml($"<input type=\"hidden\" name=\"{ShownFields.Field}\" value=\"").Append(shown).AppendHtml("\">"); }
        if (ConflictView.Of(View.ViewData) is { } conflict)
        {
            html.AppendHtml("<div class=\"portal-conflict\" role=\"alert\" tabindex=\"-1\"><h2>").Append(text["conflict.title"]).AppendHtml("</h2><p>")
                .Append(text[conflict.Fields.Count > 0 ? "conflict.text" : "conflict.none"]).AppendHtml("</p>");
            if (conflict.Fields.Count > 0) { html.AppendHtml("<ul>"); }
            foreach (var name in conflict.Fields.Keys) { html.AppendHtml($"<li><a href=\"#{TagBuilder.CreateSanitizedId(name, "_")}\">").Append(LabelOf(name)).AppendHtml("</a></li>"); }
            html.AppendHtml(conflict.Fields.Count > 0 ? "</ul></div>" : "</div>");
        }
        var errors = View.ViewData.ModelState.Where(entry => entry.Value!.Errors.Count > 0).ToList();
        if (errors.Count == 0) { return; }
        html.AppendHtml("<div class=\"portal-summary\" role=\"alert\" tabindex=\"-1\"><h2>").Append(text["validation.title"]).AppendHtml("</h2><ul>");
        foreach (var (name, entry) in errors)
        {
            foreach (var message in entry!.Errors.Select(error => error.ErrorMessage).Distinct())
            {
                html.AppendHtml("<li>");
                if (name.Length > 0) { html.AppendHtml($"<a href=\"#{TagBuilder.CreateSanitizedId(name, "_")}\">").Append(message).AppendHtml("</a>"); }
                else { html.Append(message); }
                html.AppendHtml("</li>");
            }
        }
        html.AppendHtml("</ul></div>");
    }

    /// <summary>A currency stands beside its amount and has no name of its own in the form.</summary>
    private string LabelOf(string name)
    {
        var metadata = View.ViewData.ModelMetadata;
        foreach (var part in name.Split('.')) { metadata = metadata.Properties[part]!; }
        return metadata.DisplayName ?? text[$"field.{Display.Kebab(metadata.Name!)}"];
    }
}
