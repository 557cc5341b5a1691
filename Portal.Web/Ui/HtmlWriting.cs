using System.Text.Encodings.Web;
using Microsoft.Extensions.Localization;

namespace Portal.Web.Ui;

/// <summary>Writes HTML by code: what is not raw is encoded.</summary>
internal readonly record struct HtmlWriting(TextWriter Writer, HtmlEncoder Encoder, IStringLocalizer Localized)
{
    public void Raw(string html) => Writer.Write(html);

    public void Text(string text) => Encoder.Encode(Writer, text);

    public void Words(string key) => Text(Localized[key].Value);

    /// <param name="name">With nothing in it to encode.</param>
    public void Attribute(string name, string value)
    {
        Writer.Write(' ');
        Writer.Write(name);
        Writer.Write("=\"");
        Text(value);
        Writer.Write('"');
    }

    public void Icon(string name) => new Icon(name).WriteTo(Writer, Encoder);

    public void IconAndWords(string icon, string key)
    {
        Icon(icon);
        Words(key);
    }

    public void Link(string classes, string path, string key)
    {
        Raw("<a");
        Attribute("class", classes);
        Attribute("href", path);
        Raw(">");
        Words(key);
        Raw("</a>");
    }

    public void Hidden(IEnumerable<(string Name, string Value)> fields)
    {
        foreach (var (name, value) in fields)
        {
            Raw("<input type=\"hidden\"");
            Attribute("name", name);
            Attribute("value", value);
            Raw(">");
        }
    }

    /// <summary>A box to tick, with its label around it.</summary>
    public void Check(string name, string value, bool isChecked, string label, bool disabled = false)
    {
        Raw("<label class=\"form-check\"><input class=\"form-check-input\" type=\"checkbox\"");
        Attribute("name", name);
        Attribute("value", value);
        if (isChecked) { Raw(" checked"); }
        if (disabled) { Raw(" disabled"); }
        Raw("><span class=\"form-check-label\">");
        Text(label);
        Raw("</span></label>");
    }

    /// <param name="options">Value, words and whether it is the chosen one.</param>
    /// <param name="none">Key of the words for no choice.</param>
    public void Select(string id, string name, string none, IEnumerable<(string Value, string Words, bool IsChosen)> options)
    {
        Raw("<select class=\"form-select\"");
        Attribute("id", id);
        Attribute("name", name);
        Raw("><option value=\"\">");
        Words(none);
        Raw("</option>");
        foreach (var (value, words, isChosen) in options)
        {
            Raw("<option");
            Attribute("value", value);
            Raw(isChosen ? " selected>" : ">");
            Text(words);
            Raw("</option>");
        }
        Raw("</select>");
    }
}
