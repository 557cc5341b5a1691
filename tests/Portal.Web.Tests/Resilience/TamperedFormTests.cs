using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Testing;
using Portal.Testing.Hosting;
using Portal.Web.Host;
using Xunit;

namespace Portal.Web.Tests.Resilience;

/// <summary>Forms that no page of the portal would send.</summary>
public sealed class TamperedFormTests
{
    [Fact, Trait("asvs", "V8.2.3")]
    public async Task Fields_that_the_page_does_not_ask_for_are_not_taken()
    {
        await using var portal = await RunningPortal.StartAsync();
        await using var db = portal.System();
        var me = await db.People.Where(p => p.Email == "reseller@cascade.example").Select(p => p.Id).SingleAsync();
        var other = await db.People.Where(p => p.Email == "reseller@dune.example").Select(p => p.Id).SingleAsync();
        var browser = await portal.AsAsync("reseller@cascade.example");
        using var page = await browser.GetAsync("/views?list=jobs&path=/jobs");
        var token = (await SignIn.ReadAsync(page)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var form = new FormUrlEncodedContent([
            new("__RequestVerificationToken", token), new("list", "jobs"), new("path", "/jobs"), new("name", "tampered"), new("shared", "true"),
            new("PersonId", $"{other}"), new("Input.PersonId", $"{other}"), new("OwnerId", $"{other}"), new("Id", "1"), new("Version", "99"),
        ]);
        using var answer = await browser.PostAsync("/views?handler=Save", form);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var view = await db.SavedViews.SingleAsync(v => v.Name == "tampered");
        Assert.Equal((me, false, 1L), (view.PersonId, view.Shared, view.Version));
        Assert.NotEqual(1, view.Id);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_as_such()
    {
        var folder = Directory.CreateTempSubdirectory("portal-large-").FullName;
        await using (var portal = PortalHost.Build(["--urls=http://127.0.0.1:0", "--environment=Production", $"--Portal:DataFolder={folder}", "--Database:MigrateAtStart=true"], builder => builder.Logging.ClearProviders()))
        {
            await portal.StartAsync();
            var address = new Uri(portal.Urls.First());
            // The length alone is enough: the answer comes before the body, which a client that waits for it never sends.
            await IsTooLargeAsync("Content-Length: 400000000", 0);
            // Nothing announced: the body is counted while it comes.
            await IsTooLargeAsync("Transfer-Encoding: chunked", 11);
            // One value beyond what a field may hold, within what a body may.
            await IsTooLargeAsync("Transfer-Encoding: chunked", 1, 5 << 20);

            async Task IsTooLargeAsync(string length, int values, int size = 3 << 20)
            {
                using var socket = new TcpClient(address.Host, address.Port);
                await using var line = socket.GetStream();
                await line.WriteAsync(Encoding.ASCII.GetBytes($"POST /preferences?handler=Language HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\n{length}\r\nConnection: close\r\n\r\n"));
                var value = Encoding.ASCII.GetBytes($"{size + 3:x}\r\na={new string('b', size)}&\r\n");
                for (var i = 0; i < values; i++)
                {
                    // The answer may come, and the line be closed, before all is sent.
                    try { await line.WriteAsync(value); }
                    catch (IOException) { break; }
                }
                if (values == 1) { await line.WriteAsync("0\r\n\r\n"u8.ToArray()); }
                using var reader = new StreamReader(line);
                Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync());
                Assert.Contains("<h1", await reader.ReadToEndAsync(), StringComparison.Ordinal);
            }
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
