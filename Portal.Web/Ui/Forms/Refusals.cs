using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
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

        /// <summary>For the JSON API: programs read the code, people the title.</summary>
        public ProblemHttpResult ToProblem(IStringLocalizer text)
        {
            var status = refusal.Kind switch
            {
                RefusalKind.NotFound => StatusCodes.Status404NotFound,
                RefusalKind.Conflict => StatusCodes.Status409Conflict,
                _ => StatusCodes.Status422UnprocessableEntity,
            };
            var problem = new ProblemDetails { Status = status, Title = refusal.TextIn(text) };
            problem.Extensions["code"] = refusal.Code;
            if (refusal.Field.Length > 0) { problem.Extensions["field"] = refusal.Field; }
            return TypedResults.Problem(problem);
        }
    }
}
