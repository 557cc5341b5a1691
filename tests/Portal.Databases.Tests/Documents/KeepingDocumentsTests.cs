using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Documents;

public sealed class KeepingDocumentsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnEachEngine]
    public async Task A_new_document_is_a_draft_of_its_maker_with_its_first_version(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        await using var db = await StaffAsync(test);
        var kept = 0;
        var document = (await new SaveDocument(db).ExecuteAsync(new(null, null, "  Price list ", " "), File("a", () => kept++), Ct)).Value;

        var found = await db.DocumentsForStaff(document.Id).SingleAsync(Ct);
        Assert.Equal(("Price list", null, DocumentStatus.Draft, db.Scope.PersonId), (found.Document.Title, found.Document.Description, found.Document.Status, found.Document.OwnerId));
        Assert.Equal((1, 1, 1, "Ann"), (found.Version!.Number, found.Versions, kept, found.OwnerName));
        Assert.False(found.HasAudience);
    }

    [Theory, OnEachEngine]
    public async Task What_makes_no_sense_is_refused_and_nothing_is_kept(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        await using var db = await StaffAsync(test);
        var save = new SaveDocument(db);
        var never = File("a", () => Assert.Fail("kept"));
        var day = db.Today;

        Assert.Equal(DocumentRefusals.TitleMissing, (await save.ExecuteAsync(new(null, null, " "), never, Ct)).Refusal);
        Assert.Equal("document.too-long", (await save.ExecuteAsync(new(null, null, new string('x', Document.TitleLength + 1)), never, Ct)).Refusal!.Code);
        Assert.Equal(DocumentRefusals.ValidityBackwards, (await save.ExecuteAsync(new(null, null, "A", ValidFrom: day, ValidUntil: day.AddDays(-1)), never, Ct)).Refusal);
        Assert.Equal(DocumentRefusals.FolderUnknown, (await save.ExecuteAsync(new(null, null, "A", FolderId: 1), never, Ct)).Refusal);
        Assert.Equal(DocumentRefusals.NotFound, (await save.ExecuteAsync(new(1, 1, "A"), null, Ct)).Refusal);
        Assert.False(await db.Documents.AnyAsync(Ct));
    }

    [Theory, OnEachEngine]
    public async Task An_edit_over_a_newer_version_is_refused(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        await using var db = await StaffAsync(test);
        var document = (await new SaveDocument(db).ExecuteAsync(new(null, null, "A"), null, Ct)).Value;
        var read = document.Version;
        Assert.Null((await new SaveDocument(db).ExecuteAsync(new(document.Id, read, "B"), null, Ct)).Refusal);
        Assert.Equal(DocumentRefusals.Changed, (await new SaveDocument(db).ExecuteAsync(new(document.Id, read, "C"), null, Ct)).Refusal);
    }

    [Theory, OnEachEngine]
    public async Task Two_versions_at_once_are_one_and_a_refusal(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        await using var first = await StaffAsync(test);
        var document = (await new SaveDocument(first).ExecuteAsync(new(null, null, "A"), File("a"), Ct)).Value;
        await using var second = test.Portal.For(first.Scope);
        // The other one reads before and writes after: its file is kept between the two.
        var added = await new AddVersion(second).ExecuteAsync(document.Id, File("b", () => Assert.True(new AddVersion(first).ExecuteAsync(document.Id, File("c"), null, Ct).GetAwaiter().GetResult().Succeeded)), null, Ct);

        Assert.Equal(DocumentRefusals.Changed, added.Refusal);
        await using var now = test.System();
        Assert.Equal([1, 2], await now.DocumentVersions.OrderBy(v => v.Number).Select(v => v.Number).ToListAsync(Ct));
    }

    [Theory, OnEachEngine]
    public async Task Publishing_needs_a_file_and_a_validity_that_is_not_over(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        await using var db = await StaffAsync(test);
        var publish = new PublishDocument(db);
        var empty = (await new SaveDocument(db).ExecuteAsync(new(null, null, "Empty"), null, Ct)).Value;
        var old = (await new SaveDocument(db).ExecuteAsync(new(null, null, "Old", ValidUntil: db.Today.AddDays(-1)), File("a"), Ct)).Value;
        var good = (await new SaveDocument(db).ExecuteAsync(new(null, null, "Good", ValidUntil: db.Today), File("a"), Ct)).Value;

        Assert.Equal(DocumentRefusals.NothingToPublish, await publish.PublishAsync(empty.Id, Ct));
        Assert.Equal(DocumentRefusals.Expired, await publish.PublishAsync(old.Id, Ct));
        Assert.Equal(DocumentRefusals.NotPublished, await publish.WithdrawAsync(good.Id, Ct));
        Assert.Null(await publish.PublishAsync(good.Id, Ct));
        Assert.Equal(DocumentRefusals.AlreadyPublished, await publish.PublishAsync(good.Id, Ct));
        Assert.Null(await publish.WithdrawAsync(good.Id, Ct));
        Assert.Null(await publish.PublishAsync(good.Id, Ct));
        Assert.Equal(DocumentRefusals.NotFound, await publish.PublishAsync(1, Ct));
    }

    [Theory, OnEachEngine]
    public async Task Folders_lie_in_no_circle_and_bear_one_name_each(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        await using var db = await StaffAsync(test);
        var save = new SaveFolder(db);
        var top = (await save.ExecuteAsync(new(null, null, "Top"), Ct)).Value;
        var middle = (await save.ExecuteAsync(new(null, null, "Middle", "中", top.Id), Ct)).Value;
        var low = (await save.ExecuteAsync(new(null, null, "Low", null, middle.Id), Ct)).Value;

        Assert.Equal(DocumentRefusals.ParentBelow, (await save.ExecuteAsync(new(top.Id, top.Version, "Top", null, low.Id), Ct)).Refusal);
        Assert.Equal(DocumentRefusals.ParentBelow, (await save.ExecuteAsync(new(top.Id, top.Version, "Top", null, top.Id), Ct)).Refusal);
        Assert.Equal(DocumentRefusals.ParentUnknown, (await save.ExecuteAsync(new(null, null, "Lost", null, 1), Ct)).Refusal);
        Assert.Equal(DocumentRefusals.FolderNameMissing, (await save.ExecuteAsync(new(null, null, " "), Ct)).Refusal);
        Assert.Equal(DocumentRefusals.FolderNameTaken("Top"), (await save.ExecuteAsync(new(null, null, "Top "), Ct)).Refusal);
        Assert.Null((await save.ExecuteAsync(new(null, null, "Top", null, low.Id), Ct)).Refusal);
        Assert.Equal(DocumentRefusals.FolderInUse, await save.RemoveAsync(middle.Id, Ct));
        Assert.Equal(DocumentRefusals.FolderNotFound, await save.RemoveAsync(1, Ct));
    }

    [Theory, OnEachEngine]
    public async Task A_folder_goes_once_it_is_empty(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        await using var db = await StaffAsync(test);
        var folder = (await new SaveFolder(db).ExecuteAsync(new(null, null, "A"), Ct)).Value;
        var document = (await new SaveDocument(db).ExecuteAsync(new(null, null, "In it", FolderId: folder.Id), null, Ct)).Value;

        Assert.Equal(DocumentRefusals.FolderInUse, await new SaveFolder(db).RemoveAsync(folder.Id, Ct));
        Assert.Null((await new SaveDocument(db).ExecuteAsync(new(document.Id, document.Version, "Out of it"), null, Ct)).Refusal);
        Assert.Null(await new SaveFolder(db).RemoveAsync(folder.Id, Ct));
        Assert.False(await db.Folders.AnyAsync(Ct));
    }

    [Theory, OnEachEngine]
    public async Task Receipts_of_the_same_person_at_once_are_one(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        await using var staff = await StaffAsync(test);
        var partner = AccessScope.ForPartner(test.Ids.Next(), "Bo", await CompanyAsync(test), [Functions.ResellerPerson], [ScopeKeys.AllPartners], []);
        var document = (await new SaveDocument(staff).ExecuteAsync(new(null, null, "A", ReceiptRequired: true), File("a"), Ct)).Value;
        await new PublishDocument(staff).PublishAsync(document.Id, Ct);
        staff.Add(new Share
        {
            Id = test.Ids.Next(), Key = ScopeKeys.AllPartners, RecordClass = RecordClass.Document, RecordId = document.Id, Fields = FieldSet.Full, Actions = GrantActions.Read,
            Reason = "test", SharedBy = staff.Scope.PersonId, SharedAt = staff.Now, Until = staff.Now.AddDays(1),
        });
        await staff.SaveChangesAsync(Ct);

        var refusals = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var db = test.Portal.For(partner);
            return await new RecordReceipt(db).ConfirmAsync(document.Id, document.CurrentVersionId!.Value, Ct);
        }));
        Assert.All(refusals, Assert.Null);
        await using var now = test.System();
        Assert.Equal(1, await now.DocumentReceipts.CountAsync(Ct));
    }

    [Theory, OnEachEngine]
    public async Task A_rival_confirms_nothing(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        await using var staff = await StaffAsync(test);
        var document = (await new SaveDocument(staff).ExecuteAsync(new(null, null, "A", ReceiptRequired: true), File("a"), Ct)).Value;
        await new PublishDocument(staff).PublishAsync(document.Id, Ct);
        await using var rival = test.Portal.For(AccessScope.ForPartner(test.Ids.Next(), "Rival", await CompanyAsync(test), [Functions.ResellerPerson], [], []));
        Assert.Equal(DocumentRefusals.NotFound, await new RecordReceipt(rival).ConfirmAsync(document.Id, document.CurrentVersionId!.Value, Ct));
        Assert.False(await rival.DocumentVersions.AnyAsync(Ct));
        Assert.False(await rival.Folders.AnyAsync(Ct));
    }

    private static NewFile File(string content, Action? keep = null) =>
        new(content + ".pdf", "application/pdf", 1, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content))), keep ?? (() => { }));

    private static async Task<PortalDbContext> StaffAsync(PortalTestDb test)
    {
        var ann = new Person { Id = test.Ids.Next(), Name = "Ann", Email = "ann@portal.example" };
        ann.Functions.Add(new PersonFunction { PersonId = ann.Id, Function = Functions.ChannelManager });
        await using (var db = test.System())
        {
            db.Add(ann);
            await db.SaveChangesAsync(Ct);
        }
        return test.Portal.For((await new ScopeBuilder(test.Portal).ForAsync(ann.Id, Ct))!);
    }

    private static async Task<long> CompanyAsync(PortalTestDb test)
    {
        await using var db = test.System();
        var company = new Company { Id = test.Ids.Next(), Code = "CASCADE", Name = "Cascade", IsChannelPartner = true };
        db.Add(company);
        await db.SaveChangesAsync(Ct);
        return company.Id;
    }
}
