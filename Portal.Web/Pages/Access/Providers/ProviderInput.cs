using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Identity.Federation;

namespace Portal.Web.Pages.Access.Providers;

/// <summary>What adding and changing a provider ask alike.</summary>
public class ProviderInput
{
    [Display(Name = "provider.name"), Required, StringLength(120)] public string Name { get; set; } = "";
    [Display(Name = "provider.client"), Required, StringLength(255)] public string ClientId { get; set; } = "";
    [Display(Name = "provider.secret"), StringLength(500), DataType(DataType.Password)] public string? ClientSecret { get; set; }
    [Display(Name = "provider.scope"), Required, StringLength(300)] public string Scope { get; set; } = FederatedProvider.DefaultScope;
    [Display(Name = "provider.admits")] public bool Admits { get; set; }
    [Display(Name = "provider.claim"), Required, StringLength(120)] public string FunctionsClaim { get; set; } = FederatedProvider.DefaultClaim;
    [Display(Name = "provider.functions"), StringLength(20_000)] public string? Functions { get; set; }
    [Display(Name = "provider.vouches")] public bool VouchesForEmails { get; set; }

    /// <summary>Lines of value and function; a star stands for everybody.</summary>
    internal static string LinesOf(IEnumerable<FederatedFunction> functions) => string.Join('\n', functions.Select(f => $"{(f.Value.Length == 0 ? "*" : f.Value)} = {f.Function}"));

    /// <returns>Null where a line is wrong, which the form then says.</returns>
    internal FederationSettings? Read(Company company, ModelStateDictionary form, IStringLocalizer text)
    {
        var functions = new List<(string Value, string Function)>();
        foreach (var line in (Functions ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = line.LastIndexOf('=');
            var (value, function) = at < 0 ? ("", "") : (line[..at].Trim(), line[(at + 1)..].Trim());
            if (value.Length == 0 || !Domain.Access.Functions.All.TryGetValue(function, out var known)) { form.AddModelError("Input.Functions", text["provider.line-wrong", line]); }
            else if (known.IsStaff || !AddPerson.Fits(function, company)) { form.AddModelError("Input.Functions", text["person.function-not-for-company", function, company.Name]); }
            else { functions.Add((value == "*" ? "" : value, function)); }
        }
        return form.IsValid ? new(Name, ClientId, string.IsNullOrEmpty(ClientSecret) ? null : ClientSecret, Scope, FunctionsClaim, functions, Admits, VouchesForEmails) : null;
    }
}
