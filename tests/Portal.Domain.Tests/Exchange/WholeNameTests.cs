using Portal.Domain.Exchange;
using Xunit;

namespace Portal.Domain.Tests.Exchange;

public sealed class WholeNameTests
{
    [Theory]
    [InlineData("Ada Example", "Ada", "Example")]
    [InlineData("Anna  Maria Example", "Anna Maria", "Example")]
    [InlineData("Jan van der Berg", "Jan", "van der Berg")]
    [InlineData("anna example", "anna", "example")]
    [InlineData("Example, Ada Maria", "Ada Maria", "Example")]
    [InlineData("Example,", null, "Example,")]
    [InlineData("Ada", null, "Ada")]
    [InlineData("王小明", "小明", "王")]
    [InlineData("王明", "明", "王")]
    [InlineData("欧阳小明", "小明", "欧阳")]
    [InlineData("欧阳", "阳", "欧")]
    [InlineData("小明 王", "小明", "王")]
    public void A_whole_name_is_parted_as_people_write_it(string name, string? given, string family) => Assert.Equal((given, family), WholeName.Part(name));
}
