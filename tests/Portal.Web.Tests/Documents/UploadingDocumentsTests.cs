using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Portal.Web.Tests.Documents;

/// <summary>What comes in, and what does not.</summary>
[Collection(nameof(DocumentHouse))]
public sealed class UploadingDocumentsTests(DocumentHouse house)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("paper.pdf", "plain text", "What is in the file is not what its ending .pdf says")]
    [InlineData("page.html", "<html></html>", "Files of the kind .html are not taken")]
    [InlineData("paper", "%PDF-1.4", "The name of the file has no ending")]
    [InlineData("paper.pdf", "", "The file is empty")]
    public async Task A_wrong_file_is_refused_with_its_reason_and_leaves_nothing(string name, string content, string reason)
    {
        var (files, documents) = (house.Files().Length, await CountAsync());
        var answer = await DocumentHouse.SendFileAsync(house.Channel, "/documents/create", Encoding.ASCII.GetBytes(content), name, ("Input.Title", "Refused"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal((files, documents), (house.Files().Length, await CountAsync()));
    }

    [Fact]
    public async Task A_name_with_a_path_becomes_a_name()
    {
        var id = await house.CreateAsync("Path", Samples.Pdf("path"), "../../../tmp/evil.pdf");
        await using var db = house.System();
        Assert.Equal("evil.pdf", await db.DocumentVersions.Where(v => v.DocumentId == id).Select(v => v.FileName).SingleAsync(Ct));
    }

    [Fact]
    public async Task The_same_file_again_is_no_new_version()
    {
        var id = await house.CreateAsync("Same", Samples.Pdf("same"));
        Assert.Contains("the same as the current version", await (await house.UploadAsync(id, Samples.Pdf("same"))).Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_on_the_page()
    {
        var id = await house.CreateAsync("Large", Samples.Pdf("large"));
        var files = house.Files().Length;
        var answer = await house.UploadAsync(id, [.. Samples.Pdf(), .. new byte[(DocumentHouse.MaxMegabytes << 20) + 1]]);
        Assert.Contains("larger than 2 MB", await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(files, house.Files().Length);
    }

    [Fact]
    public async Task What_is_announced_as_huge_is_refused_before_it_is_read()
    {
        var form = await DocumentHouse.FormAsync(house.Channel, "/documents/create");
        var answer = await AnnounceAsync(form.Headers.ContentType!.ToString(), "Content-Length: 5368709120", "--x");
        Assert.StartsWith("HTTP/1.1 413", answer);
        Assert.Contains("Too large", answer);
    }

    [Fact]
    public async Task What_turns_out_huge_without_announcing_it_is_refused_too()
    {
        var form = await DocumentHouse.FormAsync(house.Channel, "/documents/create", ("Input.Title", "Chunked"));
        var file = new ByteArrayContent(new byte[(DocumentHouse.MaxMegabytes << 20) + (2 << 20)]);
        form.Add(file, "Upload.File", "huge.pdf");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/documents/create") { Content = form, Headers = { TransferEncodingChunked = true } };
        var answer = await house.Channel.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_browser_that_goes_away_in_the_middle_leaves_no_file_and_no_row()
    {
        var (files, documents) = (house.Files().Length, await CountAsync());
        var form = await DocumentHouse.FormAsync(house.Channel, "/documents/create", ("Input.Title", "Half"));
        form.Add(new ByteArrayContent(new byte[1 << 20]), "Upload.File", "half.pdf");
        var whole = await form.ReadAsByteArrayAsync(Ct);
        await AnnounceAsync(form.Headers.ContentType!.ToString(), $"Content-Length: {whole.Length}", Encoding.Latin1.GetString(whole[..(whole.Length / 2)]), wait: false);
        // The next request of the same person is answered, and by then the broken one is over.
        Assert.Equal(HttpStatusCode.OK, (await house.Channel.GetAsync("/documents", Ct)).StatusCode);
        Assert.Equal((files, documents), (house.Files().Length, await CountAsync()));
    }

    [Fact, Trait("asvs", "V3.5.1")]
    public async Task Without_the_forms_token_nothing_is_taken()
    {
        var documents = await CountAsync();
        using var form = new MultipartFormDataContent { { new StringContent("No token"), "Input.Title" }, { new ByteArrayContent(Samples.Pdf()), "Upload.File", "a.pdf" } };
        Assert.Equal(HttpStatusCode.BadRequest, (await house.Channel.PostAsync("/documents/create", form, Ct)).StatusCode);
        Assert.Equal(documents, await CountAsync());
    }

    [Fact]
    public async Task The_same_submission_twice_is_one_document()
    {
        var form = await DocumentHouse.FormAsync(house.Channel, "/documents/create", ("Input.Title", "Once"));
        form.Add(new ByteArrayContent(Samples.Pdf("once")), "Upload.File", "a.pdf");
        await form.LoadIntoBufferAsync(Ct);
        var (type, body) = (form.Headers.ContentType, await form.ReadAsByteArrayAsync(Ct));
        var documents = await CountAsync();
        var places = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var answer = await house.Channel.PostAsync("/documents/create", new ByteArrayContent(body) { Headers = { ContentType = type } }, Ct);
            places.Add(answer.Headers.Location!.OriginalString);
        }
        Assert.Equal(places[0], places[1]);
        Assert.Equal(documents + 1, await CountAsync());
    }

    [Fact]
    public async Task Who_may_only_read_documents_cannot_change_them()
    {
        var id = await house.CreateAsync("Read only", Samples.Pdf("read only"));
        Assert.Equal(HttpStatusCode.OK, (await house.Service.GetAsync($"/documents/{id}", Ct)).StatusCode);
        foreach (var path in new[] { "/documents/create", $"/documents/{id}/edit", $"/documents/{id}/upload", "/documents/folders" })
        {
            Assert.False((await house.Service.GetAsync(path, Ct)).IsSuccessStatusCode, path);
        }
        Assert.DoesNotContain("handler=Publish", await house.Service.GetStringAsync($"/documents/{id}", Ct));
    }

    private async Task<int> CountAsync()
    {
        await using var db = house.System();
        return await db.Documents.CountAsync(Ct);
    }

    /// <summary>Sends a request by hand, so that it can lie about its length or end too early.</summary>
    /// <returns>The answer as it came; empty where it is not waited for.</returns>
    private async Task<string> AnnounceAsync(string contentType, string length, string body, bool wait = true)
    {
        var cookies = await CookiesAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(house.Address.Host, house.Address.Port, Ct);
        await using var wire = client.GetStream();
        await wire.WriteAsync(Encoding.Latin1.GetBytes($"POST /documents/create HTTP/1.1\r\nHost: {house.Address.Authority}\r\nCookie: {cookies}\r\nContent-Type: {contentType}\r\n{length}\r\nConnection: close\r\n\r\n{body}"), Ct);
        if (!wait) { client.Client.LingerState = new LingerOption(true, 0); return ""; }
        using var reader = new StreamReader(wire);
        var answer = new StringBuilder();
        while (!answer.ToString().Contains("</html>", StringComparison.Ordinal) && await reader.ReadLineAsync(Ct) is { } line) { answer.AppendLine(line); }
        return answer.ToString();
    }

    private async Task<string> CookiesAsync()
    {
        using var seen = new HttpRequestMessage(HttpMethod.Get, "/documents/create");
        await house.Channel.SendAsync(seen, Ct);
        return string.Join("; ", seen.Headers.GetValues("Cookie"));
    }
}
