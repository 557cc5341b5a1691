using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Testing.Databases;
using Portal.Testing.Hosting;
using Xunit;

namespace Portal.Web.Tests.Home;

public sealed class OpeningPagesOnEveryEngineTests
{
    [Theory, OnEachEngine]
    public async Task Home_search_companies_and_contacts_open(string engine)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var portal = await RunningPortal.StartAsync(engine);
        await using var db = portal.System();
        var company = await db.Companies.Where(c => c.Code == "ALPINE").Select(c => c.Id).SingleAsync(ct);
        var contact = await db.Contacts.Where(c => c.CompanyId == company && c.ManagerId != null).Select(c => c.Id).FirstAsync(ct);
        string[] tabs = ["", "contacts", "chart", "sites", "opportunities", "items", "documents", "children", "timeline"];
        string[] forStaff =
        [
            "/", "/search?q=高山", "/search?q=pum", "/companies", "/companies?role=Supplier&country=CN&q=精密&sort=-created-at", "/contacts?q=an", $"/contacts/{contact}", $"/contacts/{contact}/edit",
            $"/companies/{company}/edit", "/companies?export=csv", .. tabs.Select(t => $"/companies/{company}?tab={t}"),
        ];
        await OpenAsync("admin@portal.example", forStaff);
        await OpenAsync("sales@portal.example", forStaff);
        foreach (var partner in new[] { "supplier@alpine.example", "distributor@bayside.example", "reseller@cascade.example" }) { await OpenAsync(partner, "/", "/search?q=pum", "/search?q=电机"); }

        async Task OpenAsync(string email, params string[] paths)
        {
            var browser = await portal.AsAsync(email);
            foreach (var path in paths) { Assert.Equal((HttpStatusCode.OK, email, path), ((await browser.GetAsync(path, ct)).StatusCode, email, path)); }
        }
    }
}
