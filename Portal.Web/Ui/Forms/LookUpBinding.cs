using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Microsoft.Extensions.Localization;

namespace Portal.Web.Ui.Forms;

/// <summary>Marks an id in an input model as chosen by a look-up: the field finds it by name, with and without script.</summary>
/// <param name="name">Of a registered <see cref="ILookUp"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LookUpAttribute(string name) : Attribute
{
    public string Name => name;
}

/// <summary>Binds the id that script has set, or, without script, the one record that bears the typed name.</summary>
public sealed class LookUpBinding(string lookUpName) : IModelBinder
{
    public async Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var values = bindingContext.ValueProvider;
        var posted = values.GetValue(bindingContext.ModelName).FirstValue ?? "";
        var words = (values.GetValue(bindingContext.ModelName + ".words").FirstValue ?? "").Trim();
        bindingContext.ModelState.SetModelValue(bindingContext.ModelName, posted, posted);
        if (posted.Length > 0)
        {
            if (long.TryParse(posted, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) { bindingContext.Result = ModelBindingResult.Success(id); }
            else { bindingContext.ModelState.TryAddModelError(bindingContext.ModelName, new FormatException(), bindingContext.ModelMetadata); }
            return;
        }
        if (words.Length == 0)
        {
            if (bindingContext.ModelMetadata.IsReferenceOrNullableType) { bindingContext.Result = ModelBindingResult.Success(null); }
            return;
        }
        var services = bindingContext.HttpContext.RequestServices;
        var lookUp = LookUps.Find(services, lookUpName);
        var found = lookUp is not null && Viewer.Of(bindingContext.HttpContext).May(lookUp.Permission)
            ? await lookUp.FindAsync(words, bindingContext.HttpContext.RequestAborted) : [];
        var exact = found.Where(hit => string.Equals(hit.Name, words, StringComparison.OrdinalIgnoreCase)).ToList();
        if ((exact.Count > 0 ? exact : found) is [var only])
        {
            bindingContext.ModelState.SetModelValue(bindingContext.ModelName, only.Id.ToString(CultureInfo.InvariantCulture), only.Id.ToString(CultureInfo.InvariantCulture));
            bindingContext.Result = ModelBindingResult.Success(only.Id);
            return;
        }
        var text = services.GetRequiredService<IStringLocalizer<UiText>>();
        bindingContext.ModelState.AddModelError(bindingContext.ModelName, text[found.Count == 0 ? "field.look-up.unknown" : "field.look-up.several", words]);
    }
}

/// <summary>A local time typed by the reader is meant in the reader's time zone.</summary>
public sealed class LocalInstantBinding : IModelBinder
{
    public const string Form = "yyyy-MM-ddTHH:mm";

    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var value = bindingContext.ValueProvider.GetValue(bindingContext.ModelName);
        if (value == ValueProviderResult.None) { return Task.CompletedTask; }
        bindingContext.ModelState.SetModelValue(bindingContext.ModelName, value);
        if (string.IsNullOrWhiteSpace(value.FirstValue))
        {
            if (bindingContext.ModelMetadata.IsReferenceOrNullableType) { bindingContext.Result = ModelBindingResult.Success(null); }
            return Task.CompletedTask;
        }
        if (DateTime.TryParseExact(value.FirstValue, [Form, Form + ":ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 1800 and < 9000)
        {
            var zone = Viewer.Of(bindingContext.HttpContext).TimeZone;
            bindingContext.Result = ModelBindingResult.Success(new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime());
        }
        else
        {
            bindingContext.ModelState.TryAddModelError(bindingContext.ModelName, new FormatException(), bindingContext.ModelMetadata);
        }
        return Task.CompletedTask;
    }
}

public sealed class PortalBinders : IModelBinderProvider
{
    public IModelBinder? GetBinder(ModelBinderProviderContext context)
    {
        if (context.Metadata is DefaultModelMetadata { Attributes.PropertyAttributes: { } attributes } && attributes.OfType<LookUpAttribute>().FirstOrDefault() is { } lookUp)
        {
            return new LookUpBinding(lookUp.Name);
        }
        return context.Metadata.UnderlyingOrModelType == typeof(DateTimeOffset) ? new LocalInstantBinding() : null;
    }
}
