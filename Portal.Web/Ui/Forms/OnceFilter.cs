using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Persistence;
using Portal.Web.Access;

namespace Portal.Web.Ui.Forms;

/// <summary>
/// The same submission twice is one write. Every POST form carries a key; key and content together name the submission, so that a form sent again
/// after going back and changing something is a new one. The name is written in the same transaction as the change; a repeat gets the first answer.
/// </summary>
public sealed class OnceFilter(IStringLocalizer<UiText> text) : IAsyncPageFilter, IAsyncAlwaysRunResultFilter, IOrderedFilter
{
    public const string Field = "__key";
    private const string Token = "__RequestVerificationToken";
    private static readonly object Submission = new();

    public int Order => 0;

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.HasFormContentType || Viewer.Of(http).Kind == ViewerKind.Anonymous
            || (await http.Request.ReadFormAsync(http.RequestAborted))[Field].ToString() is not { Length: > 0 } key)
        {
            await next();
            return;
        }
        var db = http.RequestServices.GetRequiredService<PortalDbContext>();
        var name = NameOf(http.Request, key);
        if (await AnswerOfAsync(db, name, http.RequestAborted) is { } answer)
        {
            context.Result = Replay(context, answer);
            return;
        }
        db.IdempotencyKey = name;
        var executed = await next();
        if (executed.Exception is DuplicateSubmissionException)
        {
            // The other one of two at once was quicker; its answer stands.
            db.ChangeTracker.Clear();
            executed.ExceptionHandled = true;
            executed.Result = Replay(context, await AnswerOfAsync(db, name, http.RequestAborted) ?? "");
            return;
        }
        if (executed.Exception is null && db.IdempotencyKey is null) { http.Items[Submission] = name; }
    }

    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        await next();
        var http = context.HttpContext;
        if (!http.Items.TryGetValue(Submission, out var name) || http.Response.Headers.Location.ToString() is not { Length: > 0 and <= 1000 } location) { return; }
        var db = http.RequestServices.GetRequiredService<PortalDbContext>();
        using var turn = await db.Engine.EnterWriteAsync(http.RequestAborted);
        await db.Set<IdempotencyKey>().Where(k => k.PersonId == db.Scope.PersonId && k.Key == (string)name!)
            .ExecuteUpdateAsync(k => k.SetProperty(x => x.Location, location), http.RequestAborted);
    }

    /// <returns>Null for a new submission; empty where the first one's answer is not on record.</returns>
    private static async Task<string?> AnswerOfAsync(PortalDbContext db, string name, CancellationToken ct)
    {
        var done = await db.Set<IdempotencyKey>().AsNoTracking().Where(k => k.PersonId == db.Scope.PersonId && k.Key == name)
            .Select(k => new { k.Location }).FirstOrDefaultAsync(ct);
        return done is null ? null : done.Location ?? "";
    }

    private IActionResult Replay(PageHandlerExecutingContext context, string location)
    {
        if (location.Length > 0) { return new RedirectResult(location); }
        if (context.HandlerInstance is PageModel page) { page.Toast(text["toast.already-done"]); }
        return new RedirectResult(context.HttpContext.Request.PathBase + context.HttpContext.Request.Path);
    }

    private static string NameOf(HttpRequest request, string key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string part)
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }
        Add(key);
        Add(request.Path + request.QueryString);
        foreach (var (name, values) in request.Form.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            if (name is Token or Field) { continue; }
            Add(name);
            foreach (var value in values) { Add(value ?? ""); }
        }
        foreach (var file in request.Form.Files) { Add(file.Name); Add(file.FileName); Add(file.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)); }
        return Base64Url.EncodeToString(hash.GetHashAndReset());
    }
}

/// <summary>
/// Gives every POST form its antiforgery token, also where it names its own action, and its key. <c>no-key</c> leaves the key out where doing it twice does no harm.
/// </summary>
[HtmlTargetElement("form", Attributes = "[method=post]")]
public sealed class FormKeyTagHelper : TagHelper
{
    [HtmlAttributeNotBound, ViewContext] public ViewContext View { get; set; } = null!;

    public bool NoKey { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        // The framework gives the token to forms without an action of their own, and to those that ask.
        var named = context.AllAttributes.TryGetAttribute("action", out var action) && action.Value?.ToString() is not (null or "");
        if (named && !context.AllAttributes.ContainsName("asp-antiforgery")) { output.PostContent.AppendHtml(TokenOf(View.HttpContext)); }
        if (!NoKey) { output.PostContent.AppendHtml(NewKey()); }
    }

    /// <summary>What a form that is written by code must hold: the token and a key of its own.</summary>
    public static void WriteFields(HttpContext http, TextWriter to, HtmlEncoder encoder)
    {
        TokenOf(http).WriteTo(to, encoder);
        to.Write(NewKey());
    }

    private static string NewKey()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return $"<input type=\"hidden\" name=\"{OnceFilter.Field}\" value=\"{Base64Url.EncodeToString(bytes)}\">";
    }

    /// <summary>A token holds for a person and a cookie, not for a page: one that was made is used again as long as the browser sends that cookie.</summary>
    private static IHtmlContent TokenOf(HttpContext http)
    {
        var (asker, cookie) = (Asker.Of(http), SiteCookies.Read(http, SiteCookies.Form));
        if (cookie is not null && asker?.Kept<IHtmlContent>((typeof(FormKeyTagHelper), cookie)) is { } kept) { return kept; }
        var tokens = http.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http);
        IHtmlContent field = new HtmlString($"<input name=\"{tokens.FormFieldName}\" type=\"hidden\" value=\"{tokens.RequestToken}\">");
        // Without a new cookie, the one that came was good.
        if (cookie is not null && tokens.CookieToken is null) { asker?.Keep((typeof(FormKeyTagHelper), cookie), field); }
        return field;
    }
}
