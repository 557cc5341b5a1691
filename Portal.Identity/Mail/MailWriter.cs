using System.Globalization;
using System.Net;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Pages;
using Portal.Identity.Persistence;

namespace Portal.Identity.Mail;

/// <summary>
/// Writes mails in the language of the account, plain and as HTML. Words are those of <see cref="IdentityText"/>; what people typed is never put into a mail but for the
/// address it is about.
/// </summary>
public sealed class MailWriter(IStringLocalizer<IdentityText> text, IOptions<PortalIdentityOptions> options)
{
    /// <param name="kind">The key: <c>mail.{kind}.subject</c>, <c>mail.{kind}.text</c> and, with a link, <c>mail.{kind}.link</c>.</param>
    internal Mail Write(string kind, Account account, string to, string? link, params object[] values)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(account.Language);
            object[] all = [options.Value.ProductName, .. values];
            string[] paragraphs = [.. text[$"mail.{kind}.text", all].Value.Split('\n')];
            var foot = text["mail.foot", options.Value.ProductName, new Uri(options.Value.Issuer).GetLeftPart(UriPartial.Authority)].Value;
            var label = link is null ? "" : text[$"mail.{kind}.link"].Value;
            var plain = string.Join("\r\n\r\n", [.. paragraphs, .. link is null ? Array.Empty<string>() : [$"{label}:\r\n{link}"], foot]) + "\r\n";
            static string Safe(string words) => WebUtility.HtmlEncode(words);
            var html = $"""
                <!DOCTYPE html><html lang="{CultureInfo.CurrentUICulture.Name}"><head><meta charset="utf-8"><title>{Safe(options.Value.ProductName)}</title></head>
                <body style="font-family:sans-serif;font-size:16px;line-height:1.5;color:#1a1a1a;max-width:36em;margin:1em">
                {string.Join("\n", paragraphs.Select(p => $"<p>{Safe(p)}</p>"))}
                {(link is null ? "" : $"<p><a href=\"{Safe(link)}\" style=\"display:inline-block;padding:10px 16px;background:#1f5fbf;color:#ffffff;text-decoration:none;border-radius:4px\">{Safe(label)}</a></p><p style=\"font-size:14px\">{Safe(link)}</p>")}
                <p style="font-size:14px;color:#555555">{Safe(foot)}</p></body></html>
                """;
            return new Mail(to, text[$"mail.{kind}.subject", all].Value, plain, html);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }

    /// <summary>Tells the owner what happened to the account, with browser, place and time.</summary>
    internal Mail Notice(IdentityEventKind what, Account account, DateTimeOffset at, string? device, string? address)
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(account.TimeZone, out var found) ? found : TimeZoneInfo.Utc;
        var when = TimeZoneInfo.ConvertTime(at, zone);
        var culture = CultureInfo.GetCultureInfo(account.Language);
        return Write($"notice.{what}", account, account.Email!, null, $"{when.ToString("f", culture)} ({zone.Id})", device is null or Sessions.Device.Unknown ? "–" : device, address ?? "–");
    }
}
