using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Portal.Testing;
using Portal.Testing.Hosting;
using Xunit;

namespace Portal.Web.Tests.Access;

/// <summary>Stages, territories and teams by page.</summary>
public sealed class SettingUpTheHouseTests : IAsyncLifetime
{
    private const string Administrator = "admin@portal.example", Lead = "salesmanager@portal.example", Seller = "sales@portal.example", Partner = "reseller@cascade.example";
    private RunningPortal _portal = null!;

    public async ValueTask InitializeAsync() => _portal = await RunningPortal.StartAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task A_stage_that_the_administrator_adds_is_a_lane_of_everybodys_board_in_its_place()
    {
        var admin = await _portal.AsAsync(Administrator);
        var saved = await admin.SaveAsync(await admin.GetAsync("/opportunities/stages/edit"), ("Input.Name", "Trial run"), ("Input.NameZh", "试运行"), ("Input.Probability", "85"));
        Assert.Equal("/opportunities/stages", saved.Headers.Location?.OriginalString);
        Assert.Equal(["Lead", "Qualified", "Opportunity", "Proposal", "Negotiation", "Trial run", "Won", "Lost", "Cancelled"], await LanesAsync());

        long proposal;
        await using (var db = _portal.System()) { proposal = await db.Stages.Where(s => s.Code == "proposal").Select(s => s.Id).SingleAsync(); }
        var path = $"/opportunities/stages/edit/{proposal}";
        await admin.SaveAsync(await admin.GetAsync(path), ("Input.Name", "Quotation"));
        Assert.Contains("Quotation", await LanesAsync());
        var refused = await SignIn.ReadAsync(await RemoveAsync(admin, path));
        Assert.Contains("belongs to their history", refused.QuerySelector(".portal-summary, .alert")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Quotation", ((IHtmlInputElement)refused.QuerySelector("[name='Input.Name']")!).Value);

        async Task<IEnumerable<string>> LanesAsync() =>
            (await SignIn.ReadAsync(await (await _portal.AsAsync(Seller)).GetAsync("/opportunities/board"))).QuerySelectorAll(".portal-lane > h2 > span:first-child").Select(lane => lane.TextContent);
    }

    [Fact]
    public async Task A_territory_is_made_chosen_for_a_company_and_then_cannot_be_removed()
    {
        var admin = await _portal.AsAsync(Administrator);
        await admin.SaveAsync(await admin.GetAsync("/companies/territories/edit"), ("Input.Code", "ALPS"), ("Input.Name", "Alps 阿尔卑斯"), ("Input.Region", "Europe"));
        (long Id, long Company) made;
        await using (var db = _portal.System())
        {
            made = (await db.Territories.Where(t => t.Code == "ALPS").Select(t => t.Id).SingleAsync(), await db.Companies.Where(c => c.IsCustomer).Select(c => c.Id).FirstAsync());
        }
        var path = $"/companies/territories/edit/{made.Id}";
        var taken = await admin.SaveAsync(await admin.GetAsync("/companies/territories/edit"), ("Input.Code", "ALPS"), ("Input.Name", "Another"));
        Assert.Contains("ALPS", (await SignIn.ReadAsync(taken)).QuerySelector(".portal-error")!.TextContent, StringComparison.Ordinal);

        await admin.SaveAsync(await admin.GetAsync($"/companies/{made.Company}/edit"), ("Input.TerritoryId", made.Id.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(HttpStatusCode.OK, (await RemoveAsync(admin, path)).StatusCode);
        await admin.SaveAsync(await admin.GetAsync($"/companies/{made.Company}/edit"), ("Input.TerritoryId", ""), ("Input.TerritoryId.words", ""));
        Assert.Equal("/companies/territories", (await RemoveAsync(admin, path)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Who_leads_a_team_no_more_loses_sight_of_its_records_with_the_next_page_and_has_it_again_as_leader()
    {
        (long Team, long Lead, long Other, string Sale) house;
        await using (var db = _portal.System())
        {
            var lead = await db.People.SingleAsync(p => p.Email == Lead);
            var (team, other) = (await db.Teams.SingleAsync(t => t.LeaderId == lead.Id), await db.People.Where(p => p.Email == "channel@portal.example").Select(p => p.Id).SingleAsync());
            var member = await db.People.Where(p => p.Email == Seller && p.TeamId == team.Id).Select(p => p.Id).SingleAsync();
            // Who belongs to a team counts its people as well.
            lead.TeamId = null;
            await db.SaveChangesAsync();
            house = (team.Id, lead.Id, other, $"/opportunities/{await db.Opportunities.Where(o => o.OwnerId == member && !db.Shares.Any(s => s.RecordId == o.Id)).Select(o => o.Id).FirstAsync()}");
        }
        var (admin, reader) = (await _portal.AsAsync(Administrator), await _portal.AsAsync(Lead));
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(house.Sale)).StatusCode);
        await LedByAsync(house.Other);
        Assert.Equal(HttpStatusCode.NotFound, (await reader.GetAsync(house.Sale)).StatusCode);
        await LedByAsync(house.Lead);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(house.Sale)).StatusCode);

        async Task LedByAsync(long leader)
        {
            var saved = await admin.SaveAsync(await admin.GetAsync($"/access/teams/edit/{house.Team}"), ("Input.LeaderId", leader.ToString(CultureInfo.InvariantCulture)));
            Assert.Equal("/access/teams", saved.Headers.Location?.OriginalString);
        }
    }

    [Fact]
    public async Task What_somebody_saved_meanwhile_is_shown_beside_what_was_typed()
    {
        var admin = await _portal.AsAsync(Administrator);
        await using var db = _portal.System();
        var stage = await db.Stages.SingleAsync(s => s.Code == "qualified");
        var form = await admin.GetAsync($"/opportunities/stages/edit/{stage.Id}");
        stage.Name = "Checked";
        await db.SaveChangesAsync();
        var conflict = await admin.SaveAsync(form, ("Input.Name", "Looked at"));
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        var page = await conflict.Content.ReadAsStringAsync();
        Assert.Contains("Checked", page, StringComparison.Ordinal);
        Assert.Contains("Looked at", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/access/teams")]
    [InlineData("/access/teams/edit")]
    [InlineData("/companies/territories")]
    [InlineData("/companies/territories/edit")]
    [InlineData("/opportunities/stages")]
    [InlineData("/opportunities/stages/edit")]
    public async Task Nobody_but_the_administrator_gets_there(string path)
    {
        foreach (var email in new[] { Seller, "manager@portal.example", Partner }) { Assert.Equal(HttpStatusCode.Forbidden, (await (await _portal.AsAsync(email)).GetAsync(path)).StatusCode); }
        Assert.DoesNotContain($"\"{path}\"", await (await _portal.AsAsync(Seller)).GetStringAsync("/opportunities/board"), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> RemoveAsync(HttpClient browser, string path) => await browser.SubmitAsync(await browser.GetAsync(path), default);
}
