using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Documents;
using Portal.Testing;
using Xunit;

namespace Portal.Web.Tests.Documents;

/// <summary>Who gets which document, and in what wrapping.</summary>
[Collection(nameof(DocumentHouse))]
public sealed class ReadingDocumentsTests(DocumentHouse house)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task What_was_uploaded_comes_back_byte_by_byte_to_be_saved()
    {
        var content = Samples.Pdf("round trip");
        var id = await house.PublishAsync("Round trip", content: content, fileName: "价目表 (2026).pdf");
        var answer = await house.Cascade.GetAsync($"/partner/documents/download/{await house.CurrentVersionAsync(id)}", Ct);

        Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType!.ToString());
        var disposition = answer.Content.Headers.ContentDisposition!;
        Assert.Equal(("attachment", "价目表 (2026).pdf"), (disposition.DispositionType, disposition.FileNameStar));
        Assert.All(disposition.FileName!, sign => Assert.InRange(sign, ' ', '~'));
        AssertSafe(answer);
    }

    [Fact, Trait("asvs", "V3.2.1")]
    public async Task A_picture_or_pdf_is_shown_in_an_answer_that_can_run_nothing()
    {
        var id = await house.PublishAsync("Shown", content: Samples.Png, fileName: "logo.png");
        var answer = await house.Cascade.GetAsync($"/partner/documents/view/{await house.CurrentVersionAsync(id)}", Ct);

        Assert.Equal("image/png", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("inline", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'none'; frame-ancestors 'self'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("SAMEORIGIN", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        AssertSafe(answer);
    }

    [Fact, Trait("asvs", "V3.2.1")]
    public async Task What_a_browser_need_not_show_is_only_ever_saved()
    {
        var id = await house.PublishAsync("Text", content: "plain"u8.ToArray(), fileName: "a.txt");
        var version = await house.CurrentVersionAsync(id);
        Assert.Equal(HttpStatusCode.NotFound, (await house.Cascade.GetAsync($"/partner/documents/view/{version}", Ct)).StatusCode);
        var answer = await house.Cascade.GetAsync($"/partner/documents/download/{version}", Ct);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
    }

    [Fact]
    public async Task A_part_can_be_asked_for()
    {
        var content = Samples.Pdf("in parts");
        var id = await house.PublishAsync("Parts", content: content);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/partner/documents/view/{await house.CurrentVersionAsync(id)}") { Headers = { Range = new RangeHeaderValue(5, 9) } };
        var answer = await house.Cascade.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(content[5..10], await answer.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public async Task Its_audience_sees_a_document_and_a_rival_meets_what_does_not_exist()
    {
        var id = await house.PublishAsync("Gold only");
        var version = await house.CurrentVersionAsync(id);

        Assert.Equal(HttpStatusCode.OK, (await house.Cascade.GetAsync($"/partner/documents/{id}", Ct)).StatusCode);
        Assert.Contains("Gold only", await house.Cascade.GetStringAsync("/partner/documents?q=gold", Ct));
        Assert.DoesNotContain("Gold only", await house.Dune.GetStringAsync("/partner/documents?q=gold", Ct));
        await AssertUnknownAsync(house.Dune, id, version);
    }

    [Fact]
    public async Task A_named_company_alone_sees_what_is_for_it()
    {
        var id = await house.PublishAsync("For Cascade", $"company:{house.CascadeId}");
        Assert.Equal(HttpStatusCode.OK, (await house.Cascade.GetAsync($"/partner/documents/{id}", Ct)).StatusCode);
        await AssertUnknownAsync(house.Dune, id, await house.CurrentVersionAsync(id));
    }

    [Fact]
    public async Task A_draft_is_not_there_for_its_audience()
    {
        var id = await house.CreateAsync("Draft", Samples.Pdf("draft"));
        await house.ShareAsync(id, DocumentHouse.Gold);
        await AssertUnknownAsync(house.Cascade, id, await house.CurrentVersionAsync(id));
    }

    [Fact]
    public async Task Withdrawn_and_out_of_validity_are_not_there_either()
    {
        var withdrawn = await house.PublishAsync("Withdrawn");
        await DocumentHouse.ActAsync(house.Channel, withdrawn, "Withdraw");
        await AssertUnknownAsync(house.Cascade, withdrawn, await house.CurrentVersionAsync(withdrawn));

        var early = await house.CreateAsync("Early", Samples.Pdf("early"), from: Today.AddDays(3));
        var late = await house.PublishAsync("Late");
        await house.ShareAsync(early, DocumentHouse.Gold);
        await DocumentHouse.ActAsync(house.Channel, early, "Publish");
        await using (var db = house.System()) { await db.Documents.Where(d => d.Id == late).ExecuteUpdateAsync(d => d.SetProperty(x => x.ValidUntil, Today.AddDays(-1)), Ct); }
        await AssertUnknownAsync(house.Cascade, early, await house.CurrentVersionAsync(early));
        await AssertUnknownAsync(house.Cascade, late, await house.CurrentVersionAsync(late));
    }

    [Fact]
    public async Task Readers_get_the_newest_version_and_the_house_keeps_all()
    {
        var id = await house.PublishAsync("Twice", content: Samples.Pdf("first"));
        var first = await house.CurrentVersionAsync(id);
        Assert.Equal(HttpStatusCode.Found, (await house.UploadAsync(id, Samples.Pdf("second"), note: "prices")).StatusCode);
        var second = await house.CurrentVersionAsync(id);

        Assert.Equal(HttpStatusCode.NotFound, (await house.Cascade.GetAsync($"/partner/documents/download/{first}", Ct)).StatusCode);
        Assert.Equal(Samples.Pdf("second"), await house.Cascade.GetByteArrayAsync($"/partner/documents/download/{second}", Ct));
        Assert.Equal(Samples.Pdf("first"), await house.Channel.GetByteArrayAsync($"/documents/download/{first}", Ct));
        Assert.Contains("prices", await house.Channel.GetStringAsync($"/documents/{id}?tab=versions", Ct));
    }

    [Fact]
    public async Task A_partner_has_no_way_through_the_pages_of_the_house()
    {
        var id = await house.PublishAsync("House door");
        var version = await house.CurrentVersionAsync(id);
        foreach (var path in new[] { "/documents", $"/documents/{id}", $"/documents/{id}/edit", $"/documents/{id}/upload", $"/documents/download/{version}", $"/documents/view/{version}", "/documents/folders", "/documents/create" })
        {
            var answer = await house.Cascade.GetAsync(path, Ct);
            Assert.False(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}");
            Assert.DoesNotContain("House door", await answer.Content.ReadAsStringAsync(Ct));
        }
    }

    [Fact]
    public async Task Who_took_and_confirmed_it_is_on_record_once()
    {
        var id = await house.PublishAsync("With receipt", receipt: true);
        var version = await house.CurrentVersionAsync(id);
        var download = $"/partner/documents/download/{version}";
        Assert.Contains("With receipt", await house.Cascade.GetStringAsync("/partner/documents?to-confirm=1", Ct));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => house.Cascade.GetAsync(download, Ct)));
        await house.Cascade.GetAsync(download, Ct);
        await house.Cascade.SendAsync(new HttpRequestMessage(HttpMethod.Head, download), Ct);
        await house.Channel.GetAsync($"/documents/download/{version}", Ct);
        var form = await SignIn.ReadAsync(await house.Cascade.GetAsync($"/partner/documents/{id}", Ct));
        Assert.NotNull(form.QuerySelector("main form[action*='Confirm']"));
        Assert.Equal(HttpStatusCode.Found, (await DocumentHouse.ActAsync(house.Cascade, id, "Confirm", "/partner/documents")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await DocumentHouse.ActAsync(house.CascadeSecond, id, "Confirm", "/partner/documents")).StatusCode);

        await using var db = house.System();
        var receipts = await db.DocumentReceipts.Where(r => r.DocumentId == id).OrderBy(r => r.Id).Select(r => new { r.PersonName, r.Kind, r.CompanyId }).ToListAsync(Ct);
        Assert.Equal([("reseller", ReceiptKind.Downloaded), ("reseller", ReceiptKind.Confirmed), ("second", ReceiptKind.Confirmed)], receipts.Select(r => (r.PersonName, r.Kind)));
        Assert.All(receipts, r => Assert.Equal(house.CascadeId, r.CompanyId));
        Assert.Contains("second", await house.Channel.GetStringAsync($"/documents/{id}?tab=receipts", Ct));
        Assert.DoesNotContain("With receipt", await house.Cascade.GetStringAsync("/partner/documents?to-confirm=1", Ct));
    }

    [Fact]
    public async Task A_newer_version_asks_for_a_receipt_of_its_own()
    {
        var id = await house.PublishAsync("Confirmed too late", receipt: true);
        var page = await house.Cascade.GetAsync($"/partner/documents/{id}", Ct);
        await house.UploadAsync(id, Samples.Pdf("newer"));
        var answer = await house.Cascade.SubmitAsync(page, Ct);
        Assert.Contains("A newer version came out", await answer.Content.ReadAsStringAsync(Ct));
        await using var db = house.System();
        Assert.False(await db.DocumentReceipts.AnyAsync(r => r.DocumentId == id, Ct));
    }

    /// <summary>The same bytes as for an id that nobody has.</summary>
    private static async Task AssertUnknownAsync(HttpClient browser, long document, long version)
    {
        foreach (var (there, nowhere) in new[] { ($"/partner/documents/{document}", "/partner/documents/1"), ($"/partner/documents/download/{version}", "/partner/documents/download/1"), ($"/partner/documents/view/{version}", "/partner/documents/view/1") })
        {
            var (answer, unknown) = (await browser.GetAsync(there, Ct), await browser.GetAsync(nowhere, Ct));
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (answer.StatusCode, unknown.StatusCode));
            Assert.Equal(await unknown.Content.ReadAsByteArrayAsync(Ct), await answer.Content.ReadAsByteArrayAsync(Ct));
        }
    }

    private static void AssertSafe(HttpResponseMessage answer)
    {
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("private, no-store", string.Join(", ", answer.Headers.CacheControl!.ToString().Split(", ").Order().Reverse()));
        Assert.Equal("bytes", Assert.Single(answer.Headers.AcceptRanges));
    }
}
