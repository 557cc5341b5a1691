using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Portal.Web.Ui;

/// <summary>A Tabler icon, decoration only: the words beside it say what it means.</summary>
public sealed class Icon(string name) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        writer.Write("<i class=\"ti ti-");
        encoder.Encode(writer, name);
        writer.Write("\" aria-hidden=\"true\"></i>");
    }
}
