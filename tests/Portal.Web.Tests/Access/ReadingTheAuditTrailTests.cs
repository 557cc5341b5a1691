using Portal.Web.Pages.Access.Audit;
using Xunit;

namespace Portal.Web.Tests.Access;

public sealed class ReadingTheAuditTrailTests
{
    [Theory]
    [InlineData("""{"Name":["Alpine","Alpine AG"],"City":[null,"Bern"],"Phone":["1",null]}""", "Name: Alpine → Alpine AG; City: Bern; Phone: 1 → –")]
    [InlineData("""{"Amount":[1.5,2],"Active":[true,false]}""", "Amount: 1.5 → 2; Active: true → false")]
    [InlineData("", "")]
    [InlineData("free text", "free text")]
    [InlineData("""{"count":3}""", """{"count":3}""")]
    public void A_change_is_told_from_what_to_what(string kept, string told) => Assert.Equal(told, ChangeWords.Of(kept));
}
