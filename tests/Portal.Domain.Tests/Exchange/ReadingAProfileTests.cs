using Portal.Domain.Exchange;
using Xunit;

namespace Portal.Domain.Tests.Exchange;

public sealed class ReadingAProfileTests
{
    private const string Good = """
        {
          "title": { "en": "Test", "zh-Hans": "测试" },
          "source": "test",
          "files": { "companies": "companies.csv" },
          "records": [
            {
              "name": "companies", "kind": "company", "file": "companies", "key": "id",
              "fields": { "code": "id", "name": { "column": "title", "steps": ["collapse"] } }
            }
          ]
        }
        """;

    private static string[] Problems(string json) => [.. ProfileReader.Read("test", json, Schema.All).Problems.Select(p => p.ToString())];

    [Fact]
    public void A_good_profile_has_no_problem_and_keeps_its_words()
    {
        var (profile, problems) = ProfileReader.Read("test", Good, Schema.All);
        Assert.Empty(problems);
        Assert.Equal("测试", profile!.Title.In("zh-Hans"));
        Assert.Equal(["code", "name"], profile.Records[0].Fields.Select(f => f.Field.Name));
    }

    [Theory]
    [InlineData("\"key\": \"id\"", "\"kee\": \"id\"", "records[0]: 'kee' is not known here")]
    [InlineData("\"kind\": \"company\"", "\"kind\": \"firm\"", "records[0]: there is no kind of record 'firm'; there are company")]
    [InlineData("\"file\": \"companies\"", "\"file\": \"others\"", "records[0]: 'file' names 'others', which is not among the files")]
    [InlineData("\"collapse\"", "\"colapse\"", "records[0].fields.name.steps[0]: there is no step 'colapse'")]
    [InlineData("\"collapse\"", "{ \"replace\": \"(\" }", "records[0].fields.name.steps[0]: the pattern '(' cannot be used")]
    [InlineData("\"collapse\"", "{ \"replace\": \"(?=a)b\" }", "records[0].fields.name.steps[0]: the pattern '(?=a)b' cannot be used")]
    [InlineData("\"collapse\"", "{ \"number\": \"xx-YY\" }", "records[0].fields.name.steps[0]: there is no culture 'xx-YY'")]
    [InlineData("\"code\": \"id\", ", "", "records[0]: a company needs the field 'code'")]
    [InlineData("\"code\": \"id\"", "\"codex\": \"id\", \"code\": \"id\"", "records[0].fields.codex: a company has no field 'codex'")]
    [InlineData("\"key\": \"id\"", "\"key\": \"id\", \"match\": [\"email\"]", "records[0]: 'match' cannot use 'email'; a company is found by code, name")]
    [InlineData("\"companies.csv\"", "\"../companies.csv\"", "files.companies: 'path' must lie inside the delivery")]
    [InlineData("\"column\": \"title\"", "\"column\": \"title\", \"constant\": 1", "records[0].fields.name: a value has exactly one of column, template, constant, first")]
    [InlineData("\"column\": \"title\"", "\"template\": \"plain\"", "records[0].fields.name: the template has no place {column}; use a constant")]
    public void A_mistake_is_named_with_its_place(string right, string wrong, string problem)
    {
        var json = Good.Replace(right, wrong, StringComparison.Ordinal);
        if (right.Contains("companies.csv", StringComparison.Ordinal)) { json = json.Replace("\"../companies.csv\"", "{ \"path\": \"../companies.csv\" }", StringComparison.Ordinal); }
        Assert.Contains(Problems(json), p => p.StartsWith(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_mistake_is_reported_at_once()
    {
        var json = Good.Replace("\"collapse\"", "\"colapse\"", StringComparison.Ordinal).Replace("\"source\": \"test\",", "", StringComparison.Ordinal);
        Assert.Equal(2, Problems(json).Length);
    }

    [Fact]
    public void Text_that_is_no_json_is_refused_with_its_line() => Assert.StartsWith("line 2: not valid JSON", Problems("{\n  \"title\" 3\n}")[0], StringComparison.Ordinal);

    [Fact]
    public void What_is_not_grouped_cannot_be_used_after_the_grouping()
    {
        var json = Good.Replace("\"key\": \"id\"", "\"key\": \"id\", \"group\": { \"by\": [\"id\"], \"sum\": { \"total\": \"amount\" } }", StringComparison.Ordinal);
        Assert.Equal(["records[0]: 'title' does not outlive the grouping: put it under 'by', 'sum' or 'first'"], Problems(json));
    }
}
