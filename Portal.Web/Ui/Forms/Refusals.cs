using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;
using Portal.Domain.Common;

namespace Portal.Web.Ui.Forms;

/// <summary>From a refusal to what the asker reads.</summary>
public static class Refusals
{
    extension(Refusal refusal)
    {
        /// <summary>Puts the refusal beside the field it names, in the reader's language; over the form where it names none.</summary>
        /// <param name="prefix">The property that holds the form's fields.</param>
        public void AddTo(ModelStateDictionary state, IStringLocalizer text, string prefix = "Input") =>
            state.AddModelError(refusal.Field.Length == 0 ? "" : prefix.Length == 0 ? refusal.Field : $"{prefix}.{refusal.Field}", refusal.TextIn(text));

        public string TextIn(IStringLocalizer text) => text[refusal.Code, refusal.Values].Value;
    }
}
