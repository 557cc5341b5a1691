using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Microsoft.Extensions.Localization;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Ui;

/// <summary>Razor Pages as the portal uses them: words from resource files, in labels and in every message of validation and binding.</summary>
public static class PortalPages
{
    public static void AddPortalPages(this IServiceCollection services)
    {
        services.AddRazorPages()
            // The server's answer is the one check; what the browser would need to repeat it stays out of the page.
            .AddViewOptions(views => views.HtmlHelperOptions.ClientValidationEnabled = false)
            .AddDataAnnotationsLocalization(words => words.DataAnnotationLocalizerProvider = AreaTexts.For);
        services.AddOptions<MvcOptions>().Configure<IStringLocalizerFactory>((mvc, texts) =>
        {
            mvc.ModelBinderProviders.Insert(0, new PortalBinders());
            mvc.Filters.Add<TooLargeFilter>();
            mvc.Filters.Add<HandlerRequired>();
            mvc.Filters.Add<OnceFilter>();
            mvc.Filters.Add<WholePage>();
            mvc.ModelMetadataDetailsProviders.Add(new MessageKeys());
            mvc.ModelMetadataDetailsProviders.Add(new EmptyStaysEmpty());
            BindingMessages(mvc.ModelBindingMessageProvider, texts.Create(typeof(UiText)));
            mvc.MaxModelValidationErrors = 50;
        });
    }

    private static void BindingMessages(DefaultModelBindingMessageProvider messages, IStringLocalizer text)
    {
        messages.SetAttemptedValueIsInvalidAccessor((value, field) => text["validation.value-invalid", value, field]);
        messages.SetNonPropertyAttemptedValueIsInvalidAccessor(value => text["validation.value-invalid-form", value]);
        messages.SetUnknownValueIsInvalidAccessor(field => text["validation.unknown-value", field]);
        messages.SetNonPropertyUnknownValueIsInvalidAccessor(() => text["error.400.title"]);
        messages.SetValueIsInvalidAccessor(value => text["validation.value-invalid-form", value]);
        messages.SetValueMustBeANumberAccessor(field => text["validation.not-a-number", field]);
        messages.SetNonPropertyValueMustBeANumberAccessor(() => text["error.400.title"]);
        messages.SetValueMustNotBeNullAccessor(field => text["validation.required", field]);
        messages.SetMissingBindRequiredValueAccessor(field => text["validation.missing", field]);
        messages.SetMissingKeyOrValueAccessor(() => text["error.400.title"]);
        messages.SetMissingRequestBodyRequiredValueAccessor(() => text["error.400.title"]);
    }

    /// <summary>A field that was left empty is an empty text where the model says that it is never absent; the framework would bind null against the type.</summary>
    private sealed class EmptyStaysEmpty : IDisplayMetadataProvider
    {
        public void CreateDisplayMetadata(DisplayMetadataProviderContext context)
        {
            if (context.Key is { MetadataKind: ModelMetadataKind.Property, PropertyInfo: { } property } && property.PropertyType == typeof(string)
                && new NullabilityInfoContext().Create(property).WriteState is NullabilityState.NotNull)
            {
                context.DisplayMetadata.ConvertEmptyStringToNull = false;
            }
        }
    }

    /// <summary>Gives the framework's rules the portal's words where the input model names none.</summary>
    private sealed class MessageKeys : IValidationMetadataProvider
    {
        public void CreateValidationMetadata(ValidationMetadataProviderContext context)
        {
            foreach (var rule in context.ValidationMetadata.ValidatorMetadata.OfType<ValidationAttribute>())
            {
                if (rule is { ErrorMessage: null, ErrorMessageResourceName: null }) { rule.ErrorMessage = KeyOf(rule); }
            }
        }

        private static string KeyOf(ValidationAttribute rule) => rule switch
        {
            RequiredAttribute => "validation.required",
            StringLengthAttribute { MinimumLength: > 0 } => "validation.length",
            StringLengthAttribute => "validation.max-length",
            MaxLengthAttribute => "validation.max-length",
            MinLengthAttribute => "validation.min-length",
            RangeAttribute => "validation.range",
            EmailAddressAttribute => "validation.email",
            UrlAttribute => "validation.url",
            PhoneAttribute => "validation.phone",
            RegularExpressionAttribute => "validation.pattern",
            CompareAttribute => "validation.compare",
            FileExtensionsAttribute => "validation.extension",
            _ => "validation.invalid",
        };
    }
}
