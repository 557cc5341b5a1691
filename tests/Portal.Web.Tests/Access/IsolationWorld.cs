using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Portal.Domain.Access;
using Portal.Domain.Documents;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;
using Portal.Testing.Databases;
using Portal.Testing.Hosting;
using Portal.Web.Demo;
using Portal.Web.Exchange;

namespace Portal.Web.Tests.Access;

/// <summary>The demo house with a canary in every text, something of everybody's own, and somebody who belongs nowhere.</summary>
public static class IsolationWorld
{
    /// <summary>Has an account and no person record.</summary>
    public const string Nobody = "nobody@outside.example";

    public static readonly IReadOnlyList<string> People = [.. DemoPeople.WhoLogIn.Select(p => p.Email)];

    public static readonly TestTemplate Template = new(async (database, ct) =>
    {
        await using var portal = await RunningPortal.StartAsync(database);
        var filled = await portal.Services.GetRequiredService<DemoSetUp>().FillAsync(1, ct);
        if (filled.Refusal is { } refusal) { throw new InvalidOperationException(refusal.Code); }
        await using (var services = portal.Services.CreateAsyncScope())
        {
            await services.ServiceProvider.GetRequiredService<Accounts>().CreateAccountAsync(Nobody, DemoPeople.Password, "en", "Etc/UTC", ct: ct);
        }
        await AddOwnThingsAsync(portal, ct);
        await Canary.MarkAsync(portal);
    });

    /// <summary>Nothing runs beside the requests: what changes, a request changed.</summary>
    public static void Still(WebApplicationBuilder builder) => builder.Services.RemoveAll<IHostedService>();

    private static async Task AddOwnThingsAsync(RunningPortal portal, CancellationToken ct)
    {
        await using var db = portal.System();
        var readers = await db.People.Where(p => People.Contains(p.Email)).OrderBy(p => p.Id).ToListAsync(ct);
        foreach (var reader in readers)
        {
            var id = db.Ids.Next();
            db.Add(new Job
            {
                Id = id, Kind = "report", Title = "Report", PersonId = reader.Id, Arguments = "{}", AskedAt = db.Now, State = JobState.Done, StartedAt = db.Now, EndedAt = db.Now,
                ResultFile = $"{id}.result", ResultName = "report.csv", ResultType = "text/csv",
            });
            db.Add(new Job { Id = db.Ids.Next(), Kind = "none", Title = "Waits", PersonId = reader.Id, Arguments = "{}", AskedAt = db.Now, State = JobState.Waiting });
            db.Add(new Job { Id = db.Ids.Next(), Kind = "none", Title = "Stopped", PersonId = reader.Id, Arguments = "{}", AskedAt = db.Now, State = JobState.Cancelled, EndedAt = db.Now });
            db.Add(new SavedView { Id = db.Ids.Next(), List = "jobs", PersonId = reader.Id, Name = "Mine", Query = "" });
        }
        await db.SaveChangesAsync(ct);
        await AddDocumentsAsync(db, readers, ct);
        await AddSharesAsync(db, readers, ct);
        var support = readers.Single(r => r.Email == "service@portal.example");
        foreach (var person in readers.Where(r => !r.IsStaff))
        {
            db.Add(new SupportView
            {
                Id = db.Ids.Next(), ViewerId = support.Id, ViewerName = support.Name, PersonId = person.Id, PersonName = person.Name, CompanyId = person.CompanyId!.Value, Reason = "A question on the telephone",
                StartedAt = db.Now.AddDays(-2), Until = db.Now.AddDays(-2).AddMinutes(30),
            });
        }
        await db.SaveChangesAsync(ct);
    }

    /// <summary>For each partner, and for a salesperson, one opportunity of others that is shared, and one that was until yesterday.</summary>
    private static async Task AddSharesAsync(PortalDbContext db, List<Person> readers, CancellationToken ct)
    {
        var opportunities = await db.Opportunities.Where(o => o.PartnerId == null && o.OwnerId != null).OrderBy(o => o.Id).Select(o => new { o.Id, o.OwnerId }).ToListAsync(ct);
        var shared = await db.Shares.Where(s => s.RecordClass == RecordClass.Opportunity).Select(s => s.RecordId).ToListAsync(ct);
        var free = opportunities.FindAll(o => !shared.Contains(o.Id));
        var salesperson = readers.Single(r => r.Email == "sales@portal.example");
        var keys = readers.Select(r => r.CompanyId).OfType<long>().Distinct().Select(ScopeKeys.Company).Append(ScopeKeys.Person(salesperson.Id));
        foreach (var (at, key) in keys.Index())
        {
            foreach (var (opportunity, ends) in new[] { (free.Where(o => o.OwnerId != salesperson.Id).ElementAt(2 * at), db.Now.AddDays(30)), (free.Where(o => o.OwnerId != salesperson.Id).ElementAt(2 * at + 1), db.Now.AddDays(-1)) })
            {
                db.Add(new Share
                {
                    Id = db.Ids.Next(), Key = key, RecordClass = RecordClass.Opportunity, RecordId = opportunity.Id, Fields = at % 2 == 0 ? FieldSet.Full : FieldSet.Summary,
                    Actions = GrantActions.Read, Reason = "To work on it together", Until = ends, SharedBy = salesperson.Id, SharedAt = db.Now.AddDays(-30),
                });
            }
        }
        await db.SaveChangesAsync(ct);
    }

    /// <summary>For each partner company a published document of its own, and a draft that names it all the same.</summary>
    private static async Task AddDocumentsAsync(PortalDbContext db, List<Person> readers, CancellationToken ct)
    {
        var owner = readers.First(r => r.IsStaff);
        foreach (var company in readers.Select(r => r.CompanyId).OfType<long>().Distinct())
        {
            var folder = new DocumentFolder { Id = db.Ids.Next(), Name = $"Folder of {company}" };
            db.Add(folder);
            foreach (var status in new[] { DocumentStatus.Published, DocumentStatus.Draft })
            {
                var version = new DocumentVersion
                {
                    Id = db.Ids.Next(), DocumentId = db.Ids.Next(), Number = 1, FileName = "terms.pdf", ContentType = "application/pdf", Size = 9,
                    Sha256 = Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(company + (int)status))), UploadedAt = db.Now, UploadedBy = owner.Id,
                };
                db.Add(new Document { Id = version.DocumentId, Title = "Terms", Status = status, OwnerId = owner.Id, FolderId = folder.Id, CurrentVersionId = version.Id, UpdatedAt = db.Now });
                db.Add(version);
                db.Add(new Share
                {
                    Id = db.Ids.Next(), Key = ScopeKeys.Company(company), RecordClass = RecordClass.Document, RecordId = version.DocumentId, Fields = FieldSet.Full,
                    Actions = GrantActions.Read, Reason = "Their terms", Until = db.Now.AddDays(90), SharedBy = owner.Id, SharedAt = db.Now,
                });
            }
        }
        await db.SaveChangesAsync(ct);
    }

    /// <summary>What lies beside the database: results of jobs, contents of documents, files brought to be imported.</summary>
    public static async Task PutFilesAsync(RunningPortal portal, SightModel model)
    {
        await using var db = portal.System();
        foreach (var job in await db.Jobs.Where(j => j.ResultFile != null).ToListAsync()) { await WriteAsync(Path.Combine("jobs", job.ResultFile!), Canary.Word("job", job.Id)); }
        foreach (var version in await db.DocumentVersions.ToListAsync())
        {
            var name = version.Sha256;
            await WriteAsync(Path.Combine("files", name[..2], name[2..4], name), Canary.Word("version", version.Id));
        }
        var deliveries = portal.Services.GetRequiredService<ImportDeliveries>();
        var brought = new Dictionary<long, string>();
        foreach (var email in People.Where(p => model.May(p, "exchange.import")))
        {
            using var content = new MemoryStream("code;name\nX1;X"u8.ToArray());
            var file = new FormFile(content, 0, content.Length, "file", "companies.csv");
            var kind = portal.Services.CreateScope().ServiceProvider.GetRequiredService<Importer>().Schemas.Keys.Order(StringComparer.Ordinal).First();
            brought[(await deliveries.KeepAsync(model.PersonId(email), null, kind, [file], CancellationToken.None)).Id] = email;
        }
        model.AddOwned("delivery", brought);

        async Task WriteAsync(string name, string text)
        {
            var path = Path.Combine(portal.Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text);
        }
    }
}
