using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Host;
using Xunit;

namespace Portal.Web.Tests.Documents;

[CollectionDefinition(nameof(DocumentHouse))]
public sealed class DocumentHouseCollection : ICollectionFixture<DocumentHouse>;

/// <summary>The real program on a socket with a data folder of its own: a channel manager, a service person, two people of CASCADE (Gold) and one of its rival DUNE (Silver).</summary>
public sealed class DocumentHouse : IAsyncLifetime
{
    public const int MaxMegabytes = 2;
    public const string Gold = "tier:Gold";

    private const string Password = "correct horse battery staple";

    private readonly string _folder = Directory.CreateTempSubdirectory("portal-documents-").FullName;
    private readonly Dictionary<string, HttpClient> _browsers = [];
    private WebApplication _app = null!;

    public Uri Address { get; private set; } = null!;
    public long CascadeId { get; private set; }

    public HttpClient Channel => _browsers["channel@portal.example"];
    public HttpClient Service => _browsers["service@portal.example"];
    public HttpClient Cascade => _browsers["reseller@cascade.example"];
    public HttpClient CascadeSecond => _browsers["second@cascade.example"];
    public HttpClient Dune => _browsers["reseller@dune.example"];

    public async ValueTask InitializeAsync()
    {
        Address = new($"http://localhost:{FreePort()}");
        _app = PortalHost.Build(
            ["--Portal:DataFolder", _folder, "--Urls", Address.OriginalString, "--environment", "Production", "--Documents:MaxMegabytes", MaxMegabytes.ToString(CultureInfo.InvariantCulture)],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.PostConfigure<PasswordHasherOptions>(hashing => hashing.IterationCount = 1000);
            });
        await _app.StartAsync();
        await using (var db = System())
        {
            var cascade = new Company { Id = db.Ids.Next(), Code = "CASCADE", Name = "Cascade", IsChannelPartner = true, Tier = PartnerTier.Gold };
            db.AddRange(cascade, new Company { Id = db.Ids.Next(), Code = "DUNE", Name = "Dune", IsChannelPartner = true, Tier = PartnerTier.Silver });
            await db.SaveChangesAsync();
            CascadeId = cascade.Id;
        }
        await AddAsync("channel@portal.example", Functions.ChannelManager);
        await AddAsync("service@portal.example", Functions.Service);
        await AddAsync("reseller@cascade.example", Functions.ResellerPerson, "CASCADE");
        await AddAsync("second@cascade.example", Functions.ResellerPerson, "CASCADE");
        await AddAsync("reseller@dune.example", Functions.ResellerPerson, "DUNE");
    }

    /// <summary>Past the scope, to see what is really there.</summary>
    public PortalDbContext System() => _app.Services.GetRequiredService<PortalDb>().For(AccessScope.System("test"));

    /// <summary>Every file of the store, half-written ones too.</summary>
    public string[] Files() => Directory.GetFiles(Path.Combine(_folder, "files"), "*", SearchOption.AllDirectories);

    /// <summary>A draft made through the form.</summary>
    /// <returns>Its id.</returns>
    public async Task<long> CreateAsync(string title, byte[]? content = null, string fileName = "paper.pdf", bool receipt = false, DateOnly? from = null, DateOnly? until = null)
    {
        var answer = await SendFileAsync(Channel, "/documents/create", content, fileName, ("Input.Title", title), ("Input.ReceiptRequired", receipt ? "true" : "false"),
            ("Input.ValidFrom", $"{from:yyyy-MM-dd}"), ("Input.ValidUntil", $"{until:yyyy-MM-dd}"));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return long.Parse(answer.Headers.Location!.OriginalString.Split('/')[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>Created, shared and published: what an audience reads.</summary>
    public async Task<long> PublishAsync(string title, string key = Gold, byte[]? content = null, string fileName = "paper.pdf", bool receipt = false)
    {
        var id = await CreateAsync(title, content ?? Samples.Pdf(title), fileName, receipt);
        await ShareAsync(id, key);
        await ActAsync(Channel, id, "Publish");
        return id;
    }

    /// <summary>On the page that gives sight of any record.</summary>
    public async Task ShareAsync(long id, string key)
    {
        var path = $"/access/share/document/{id}";
        var until = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(30);
        var group = key.StartsWith("company:", StringComparison.Ordinal) ? ("Input.CompanyId", key["company:".Length..]) : ("Input.Group", key);
        var answer = await Channel.SubmitAsync(await Channel.GetAsync(path), default, group, ("Input.Fields", "Full"), ("Input.Until", $"{until:yyyy-MM-dd}"), ("Input.Reason", "test"));
        Assert.True(answer.StatusCode == HttpStatusCode.Found, await answer.Content.ReadAsStringAsync());
    }

    public Task<HttpResponseMessage> UploadAsync(long id, byte[] content, string fileName = "paper.pdf", string note = "") =>
        SendFileAsync(Channel, $"/documents/{id}/upload", content, fileName, ("Upload.Note", note));

    /// <summary>Presses the button whose form posts to the handler.</summary>
    public static async Task<HttpResponseMessage> ActAsync(HttpClient browser, long id, string handler, string root = "/documents")
    {
        var page = await SignIn.ReadAsync(await browser.GetAsync($"{root}/{id}"));
        var form = page.QuerySelectorAll("main form").OfType<IHtmlFormElement>().Single(f => f.GetAttribute("action")!.Contains($"handler={handler}", StringComparison.Ordinal));
        return await browser.PostAsync(form.GetAttribute("action"), new FormUrlEncodedContent(form.Elements.OfType<IHtmlInputElement>().Select(i => KeyValuePair.Create(i.Name!, i.Value))));
    }

    /// <summary>Fills in the page's form with a file, as a browser without script does.</summary>
    public static async Task<HttpResponseMessage> SendFileAsync(HttpClient browser, string path, byte[]? content, string fileName, params (string Name, string Value)[] values)
    {
        var form = await FormAsync(browser, path, values);
        if (content is not null)
        {
            var file = new ByteArrayContent(content);
            file.Headers.ContentType = new MediaTypeHeaderValue("application/x-whatever");
            form.Add(file, "Upload.File", fileName);
        }
        return await browser.PostAsync(path, form);
    }

    /// <summary>The fields of the page's form, tokens included.</summary>
    public static async Task<MultipartFormDataContent> FormAsync(HttpClient browser, string path, params (string Name, string Value)[] values)
    {
        var page = await SignIn.ReadAsync(await browser.GetAsync(path));
        var hidden = page.QuerySelectorAll("main form[enctype] input[type=hidden]").OfType<IHtmlInputElement>().Where(i => values.All(v => v.Name != i.Name));
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in hidden.Select(i => (i.Name!, i.Value)).Concat(values)) { form.Add(new StringContent(value), name); }
        return form;
    }

    /// <summary>The version that readers get.</summary>
    public async Task<long> CurrentVersionAsync(long id)
    {
        await using var db = System();
        return (await db.Documents.Where(d => d.Id == id).Select(d => d.CurrentVersionId).SingleAsync())!.Value;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers.Values) { browser.Dispose(); }
        await _app.StopAsync();
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AddAsync(string email, string function, string? company = null)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var account = await scope.ServiceProvider.GetRequiredService<Accounts>().CreateAccountAsync(email, Password, "en");
        await using (var db = System())
        {
            var person = (await AddPerson.AddAsync(db, new NewPerson(email, [function], company), default)).Value;
            person.LinkAccount(Account.OwnIssuer, account.Subject!);
            await db.SaveChangesAsync();
        }
        var browser = SignIn.Browser(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, Address);
        await browser.SignInAsync(email, Password);
        _browsers[email] = browser;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
