using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Sales;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Sales;

public sealed class CommentingTests
{
    [Theory, OnEachEngine]
    public async Task A_partner_comments_where_its_grant_says_so_and_a_rival_finds_nothing(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id });
        await house.GrantAsync(house.Cascade, FieldSet.Full, GrantActions.Read | GrantActions.Comment);
        await house.GrantAsync(house.Dune, FieldSet.Full, GrantActions.Read | GrantActions.Comment);
        await using var cascade = await house.AsAsync(house.Cascade);
        await using var dune = await house.AsAsync(house.Dune);
        Assert.True(await cascade.AllowsAsync(RecordClass.Opportunity, opened.Id, GrantActions.Comment, default));
        Assert.False(await cascade.AllowsAsync(RecordClass.Opportunity, opened.Id, GrantActions.Edit, default));
        Assert.False(await dune.AllowsAsync(RecordClass.Opportunity, opened.Id, GrantActions.Comment, default));
        Assert.Equal(house.Cascade.Id, (await new AddComment(cascade).ExecuteAsync(new(opened.Id, "When?", false), default)).Value.AuthorCompanyId);
        Assert.Equal(SalesRefusals.NotFound, (await new AddComment(dune).ExecuteAsync(new(opened.Id, "When?", false), default)).Refusal);
    }

    [Theory, OnEachEngine]
    public async Task A_grant_to_read_lets_nobody_comment_and_a_share_to_comment_does(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id });
        await house.GrantAsync(house.Cascade, FieldSet.Full, GrantActions.Read);
        await using var cascade = await house.AsAsync(house.Cascade);
        Assert.Equal(SalesRefusals.CommentNotAllowed, (await new AddComment(cascade).ExecuteAsync(new(opened.Id, "When?", false), default)).Refusal);
        await house.ShareAsync(opened.Id, ScopeKeys.AllPartners, FieldSet.Summary, GrantActions.Read | GrantActions.Comment, TimeSpan.FromDays(-1));
        Assert.Equal(SalesRefusals.CommentNotAllowed, (await new AddComment(cascade).ExecuteAsync(new(opened.Id, "When?", false), default)).Refusal);
        await house.ShareAsync(opened.Id, ScopeKeys.AllPartners, FieldSet.Summary, GrantActions.Read | GrantActions.Comment);
        await using var next = await house.AsAsync(house.Cascade);
        Assert.True((await new AddComment(next).ExecuteAsync(new(opened.Id, "When?", false), default)).Succeeded);
    }

    [Theory, OnEachEngine]
    public async Task Internal_words_and_the_answers_to_them_stay_in_the_house(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id });
        await house.GrantAsync(house.Cascade, FieldSet.Full, GrantActions.Read | GrantActions.Comment);
        await using var ann = await house.AsAsync(house.Ann);
        var inside = (await new AddComment(ann).ExecuteAsync(new(opened.Id, "Margin is thin", true), default)).Value;
        var answer = (await new AddComment(ann).ExecuteAsync(new(opened.Id, "Very", false, inside.Id), default)).Value;
        var shared = (await new AddComment(ann).ExecuteAsync(new(opened.Id, "Delivery in May", false), default)).Value;
        Assert.True(answer.Internal);
        await using var cascade = await house.AsAsync(house.Cascade);
        Assert.Equal([shared.Id], await cascade.Comments.Select(c => c.Id).ToListAsync());
        Assert.Equal(SalesRefusals.CommentNotAllowed, (await new AddComment(cascade).ExecuteAsync(new(opened.Id, "psst", true), default)).Refusal);
        Assert.Equal(SalesRefusals.CommentUnknown, (await new AddComment(cascade).ExecuteAsync(new(opened.Id, "?", false, inside.Id), default)).Refusal);
        var thread = (await new AddComment(cascade).ExecuteAsync(new(opened.Id, "Early May?", false, shared.Id), default)).Value;
        var deeper = (await new AddComment(ann).ExecuteAsync(new(opened.Id, "Yes", false, thread.Id), default)).Value;
        Assert.Equal((shared.Id, shared.Id), (thread.ParentId, deeper.ParentId));
    }

    [Theory, OnEachEngine]
    public async Task Nothing_and_too_much_are_refused(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann);
        await using var ann = await house.AsAsync(house.Ann);
        Assert.Equal(SalesRefusals.CommentEmpty, (await new AddComment(ann).ExecuteAsync(new(opened.Id, "  ", true), default)).Refusal);
        Assert.Equal(SalesRefusals.CommentTooLong(AddComment.Longest), (await new AddComment(ann).ExecuteAsync(new(opened.Id, new string('x', 4001), true), default)).Refusal);
    }
}
