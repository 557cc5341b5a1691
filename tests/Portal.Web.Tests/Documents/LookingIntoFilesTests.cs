using System.Text;
using Portal.Web.Documents;
using Portal.Web.Exchange.Readers;
using Xunit;

namespace Portal.Web.Tests.Documents;

public sealed class LookingIntoFilesTests
{
    private static string Look(string name, byte[] content, bool allowZip = false)
    {
        using var file = new MemoryStream(content);
        var found = new FileKinds(allowZip).Find(name, file);
        return found.Refusal?.Code ?? found.Value;
    }

    public static TheoryData<string, byte[], string> Taken => new()
    {
        { "a.pdf", Samples.Pdf(), "application/pdf" }, { "A.PDF", Samples.Pdf(), "application/pdf" },
        { "a.png", Samples.Png, "image/png" }, { "a.jpg", Samples.Jpeg, "image/jpeg" }, { "a.jpeg", Samples.Jpeg, "image/jpeg" }, { "a.gif", Samples.Gif, "image/gif" }, { "a.webp", Samples.Webp, "image/webp" },
        { "a.docx", Samples.Docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { "a.xlsx", Samples.Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
        { "a.pptx", Samples.Pptx, "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
        { "a.odt", Samples.Odt, "application/vnd.oasis.opendocument.text" }, { "a.ods", Samples.Ods, "application/vnd.oasis.opendocument.spreadsheet" },
        { "a.txt", "价格\r\n"u8.ToArray(), "text/plain; charset=utf-8" }, { "a.csv", [0xEF, 0xBB, 0xBF, .. "a,b"u8], "text/csv; charset=utf-8" },
        { "a.csv", TextEncodings.Gb18030.GetBytes("编码,名称\r\n1,行星减速机\r\n"), "text/csv; charset=gb18030" },
    };

    [Theory, MemberData(nameof(Taken))]
    public void What_is_on_the_list_is_known_by_its_content(string name, byte[] content, string type) => Assert.Equal(type, Look(name, content));

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "page.html", "<html></html>"u8.ToArray(), "file.kind-refused" }, { "picture.svg", "<svg/>"u8.ToArray(), "file.kind-refused" }, { "setup.exe", Samples.Exe, "file.kind-refused" },
        { "invoice.pdf.exe", Samples.Exe, "file.kind-refused" }, { "noending", Samples.Pdf(), "file.no-extension" },
        { "a.pdf", Samples.Exe, "file.content-differs" }, { "a.jpg", Samples.Png, "file.content-differs" }, { "a.png", "<svg onload='x'/>"u8.ToArray(), "file.content-differs" },
        { "a.txt", Samples.Pdf(), "file.content-differs" }, { "a.docx", Samples.Xlsx, "file.content-differs" }, { "a.docx", Samples.PlainZip, "file.content-differs" },
        { "a.pdf", Samples.Docx, "file.content-differs" }, { "a.zip", Samples.PlainZip, "file.kind-refused" },
        { "a.txt", " \r\n<!DOCTYPE html><script>"u8.ToArray(), "file.content-differs" }, { "a.csv", "\uFEFF<svg xmlns='x'>"u8.ToArray(), "file.content-differs" },
        { "a.txt", "a\0b"u8.ToArray(), "file.not-text" }, { "a.txt", [0xE9, 0x20, 0xFF, 0xFF, 0x41], "file.not-text" }, { "a.txt", Samples.Exe, "file.not-text" },
        { "a.docx", Samples.WithMacros, "file.macros" }, { "a.docx", Samples.Docx[..^30], "file.broken" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_a_browser_could_run_or_is_not_what_it_says_is_refused(string name, byte[] content, string code) => Assert.Equal(code, Look(name, content));

    [Fact]
    public void A_file_that_unpacks_to_a_thousand_times_its_size_is_refused() => Assert.Equal("file.bomb", Look("a.docx", Samples.Bomb()));

    [Fact]
    public void Archives_are_taken_where_the_setting_allows()
    {
        Assert.Equal("application/zip", Look("a.zip", Samples.PlainZip, allowZip: true));
        Assert.Equal("file.content-differs", Look("a.zip", Samples.Docx, allowZip: true));
    }

    [Fact]
    public void Only_pictures_and_pdf_are_shown_in_a_page()
    {
        string[] shown = ["application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"];
        Assert.All(shown, type => Assert.True(FileKinds.IsShown(type)));
        string[] saved = ["text/plain; charset=utf-8", "text/csv; charset=utf-8", "application/zip", "image/svg+xml", "text/html"];
        Assert.All(saved, type => Assert.False(FileKinds.IsShown(type)));
    }

    public static TheoryData<string, string> Names => new()
    {
        { "price list.pdf", "price list.pdf" }, { "价目表.pdf", "价目表.pdf" },
        { "../../etc/passwd.pdf", "passwd.pdf" }, { @"C:\Users\x\a.pdf", "a.pdf" }, { "a/../b.pdf", "b.pdf" }, { "..", "document" }, { "", "document" }, { "...pdf", "pdf" },
        { "CON.pdf", "_CON.pdf" }, { "aux.tar.pdf", "_aux.tar.pdf" }, { "lpt1.txt", "_lpt1.txt" }, { "COM².txt", "_COM².txt" },
        { "invoice\u202Efdp.exe", "invoicefdp.exe" }, { "a\u200B\u2066b\u0007.pdf", "ab.pdf" }, { "a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf" },
        { "a<b>:\"|?*.pdf", "a_b______.pdf" }, { "trailing. .pdf", "trailing.pdf" }, { "bad\uD800half.pdf", "bad\uFFFDhalf.pdf" },
    };

    [Theory, MemberData(nameof(Names))]
    public void A_name_is_neither_a_path_nor_a_device_nor_a_trick(string sent, string clean) => Assert.Equal(clean, FileNames.Clean(sent));

    [Fact]
    public void A_long_name_keeps_its_ending_and_fits_into_a_file_system()
    {
        var name = FileNames.Clean(new string('长', 300) + ".pdf");
        Assert.EndsWith("长.pdf", name);
        Assert.InRange(Encoding.UTF8.GetByteCount(name), 150, 200);
    }
}
