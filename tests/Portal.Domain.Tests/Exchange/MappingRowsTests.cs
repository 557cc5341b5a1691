using System.Globalization;
using Portal.Domain.Exchange;
using Xunit;

namespace Portal.Domain.Tests.Exchange;

public sealed class MappingRowsTests
{
    private static List<MappedRow> Map(string set, params (string Name, string Content)[] files)
    {
        var json = $$"""
            {
              "title": "Test", "source": "test", "nullWords": ["NULL"],
              "files": { "rows": "rows*.csv", "countries": "countries.csv" },
              "records": [ { "name": "companies", "kind": "company", "file": "rows", {{set}} } ]
            }
            """;
        var (profile, problems) = ProfileReader.Read("test", json, Schema.All);
        Assert.Empty(problems);
        return [.. new RecordMapper(profile!, profile!.Records[0], new MemoryFiles(files)).Map()];
    }

    private const string Simple = "\"key\": \"id\", \"fields\": { \"code\": \"id\", \"name\": \"name\" ";

    /// <summary>The value that the steps make of one cell for the field revenue, employees, name, ...; a refusal shows as its code.</summary>
    private static object? Value(string field, string cell, string steps)
    {
        var fields = field is "name" ? $"\"code\": \"id\", \"name\": {{ \"column\": \"x\", \"steps\": [{steps}] }}" : $"\"code\": \"id\", \"name\": \"id\", \"{field}\": {{ \"column\": \"x\", \"steps\": [{steps}] }}";
        var row = Map($"\"key\": \"id\", \"fields\": {{ {fields} }}", ("rows.csv", $"id|x\n1|{cell}")).Single();
        var place = Schema.Company.Fields.ToList().FindIndex(f => f.Name == field);
        return row.Record is { } record ? record.Values[place] : row.Refusals.Single().Reason.Code;
    }

    [Fact]
    public void Cells_are_trimmed_and_null_words_are_nothing()
    {
        var rows = Map(Simple + ", \"employees\": \"staff\" }", ("rows.csv", "id|name|staff\n 1 | Acme Ltd |NULL\n2|NULL|5"));
        Assert.Equal(["1", "Acme Ltd", null], rows[0].Record!.Values.Take(2).Append(rows[0].Record!.Values[3]));
        Assert.Equal(("name", ImportRefusals.Required with { Field = "name" }), (rows[1].Refusals.Single().Column, rows[1].Refusals.Single().Reason));
    }

    [Theory]
    [InlineData("name", "gtx  pro", "\"collapse\", \"upper\"", "GTX PRO")]
    [InlineData("name", "'+49 40 1", "\"trim\"", "+49 40 1")]
    [InlineData("name", "'s-Gravenhage", "\"trim\"", "'s-Gravenhage")]
    [InlineData("name", "GTXPro", "{ \"map\": { \"gtxpro\": \"GTX Pro\" } }", "GTX Pro")]
    [InlineData("name", "other", "{ \"map\": { \"gtxpro\": \"GTX Pro\" }, \"otherwise\": \"refuse\" }", ImportRefusals.NotInMap)]
    [InlineData("name", "other", "{ \"map\": { \"gtxpro\": \"GTX Pro\" }, \"otherwise\": \"Unknown\" }", "Unknown")]
    [InlineData("name", "Ann Lee Smith", "{ \"split\": \" \", \"take\": -1 }", "Smith")]
    [InlineData("name", "Ann Lee Smith", "\"familyName\"", "Smith")]
    [InlineData("name", "Ann Lee Smith", "\"givenName\"", "Ann Lee")]
    [InlineData("name", "tel. +49 40", "{ \"replace\": \"[^0-9+]\", \"with\": \"\" }", "+4940")]
    [InlineData("name", "10 boxes x 20", "{ \"extract\": \"([0-9]+) boxes\" }", "10")]
    [InlineData("name", "7", "{ \"padLeft\": 3 }, { \"prefix\": \"AW-\" }", "AW-007")]
    [InlineData("name", "a long name that runs on and on", "{ \"shorten\": 6 }", "a long")]
    [InlineData("name", "", "{ \"default\": \"none\" }", "none")]
    [InlineData("name", "<s xmlns='u'><Type>BM</Type></s>", "{ \"xml\": \"Type\" }", "BM")]
    [InlineData("name", "<s><Type>BM", "{ \"xml\": \"Type\" }", ImportRefusals.NotXml)]
    [InlineData("name", "an overlong name that is not cut", "\"trim\"", "import.too-long")]
    [InlineData("revenue", "1.234,50", "{ \"number\": \"de-DE\" }", "1234.50")]
    [InlineData("revenue", "1 234,5", "{ \"number\": \"de-DE\" }", "1234.5")]
    [InlineData("revenue", "1'234.5", "{ \"number\": \"en\" }", "1234.5")]
    [InlineData("revenue", "1.5", "{ \"number\": \"de-DE\" }", ImportRefusals.NotANumber)]
    [InlineData("revenue", "1,23", "{ \"number\": \"en\" }", ImportRefusals.NotANumber)]
    [InlineData("revenue", "12,34,567.5", "{ \"number\": \"en-IN\" }", "1234567.5")]
    [InlineData("revenue", "(12.5)", "{ \"number\": \"en-US\" }", "-12.5")]
    [InlineData("revenue", "1100.04", "{ \"multiply\": 1000000 }", "1100040000.00")]
    [InlineData("revenue", "2.345", "{ \"round\": 2 }, \"negate\"", "-2.35")]
    [InlineData("revenue", "0.00001", "\"trim\"", ImportRefusals.TooManyDecimals)]
    [InlineData("revenue", "1,5", "\"trim\"", ImportRefusals.NotANumber)]
    [InlineData("revenue", "1e20", "\"trim\"", ImportRefusals.OutOfRange)]
    [InlineData("employees", "12.0", "\"trim\"", "12")]
    [InlineData("employees", "12.5", "\"trim\"", ImportRefusals.NotAnInteger)]
    [InlineData("employees", "-1", "\"trim\"", ImportRefusals.OutOfRange)]
    [InlineData("active", "Yes", "\"trim\"", "True")]
    [InlineData("active", "perhaps", "\"trim\"", ImportRefusals.NotABoolean)]
    [InlineData("since", "2011-12-15 00:00:00.000", "\"trim\"", "2011-12-15")]
    [InlineData("since", "2011/1/5", "\"trim\"", "2011-01-05")]
    [InlineData("since", "2011年1月5日", "\"trim\"", "2011-01-05")]
    [InlineData("since", "2011/1/5 8:30", "\"trim\"", "2011-01-05")]
    [InlineData("since", "15/12/2011", "{ \"date\": \"dd/MM/yyyy\" }", "2011-12-15")]
    [InlineData("since", "2010-12-01 08:26:00", "\"week\"", "2010-11-29")]
    [InlineData("since", "2010-12-31", "\"month\"", "2010-12-01")]
    [InlineData("since", "2011-02-30", "\"trim\"", ImportRefusals.NotADate)]
    public void Steps_and_types_make_the_value_or_the_refusal(string field, string cell, string steps, string expected)
    {
        var value = Value(field, cell, steps);
        Assert.Equal(expected, value is DateOnly date ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Words_are_found_without_regard_to_case_and_in_any_order()
    {
        var rows = Map(Simple + ", \"roles\": \"r\" }", ("rows.csv", "id|name|r\n1|A|supplier;CUSTOMER\n2|B|friend"));
        Assert.Equal(["Customer", "Supplier"], (string[])rows[0].Record!.Values[2]!);
        Assert.Equal(ImportRefusals.UnknownWord, rows[1].Refusals.Single().Reason.Code);
    }

    [Fact]
    public void A_list_of_words_is_mapped_word_by_word()
    {
        const string Roles = ", \"roles\": { \"column\": \"r\", \"steps\": [{ \"map\": { \"客户\": \"Customer\", \"Vendor\": \"Supplier\" }, \"each\": true }] } }";
        var rows = Map(Simple + Roles, ("rows.csv", "id|name|r\n1|A|客户、vendor\n2|B|Supplier\n3|C|客户，friend"));
        Assert.Equal(["Customer", "Supplier"], (string[])rows[0].Record!.Values[2]!);
        Assert.Equal(["Supplier"], (string[])rows[1].Record!.Values[2]!);
        Assert.Equal(ImportRefusals.UnknownWord, rows[2].Refusals.Single().Reason.Code);
    }

    [Fact]
    public void A_template_joins_columns_without_double_blanks_and_is_empty_when_they_are()
    {
        const string Set = "\"key\": \"id\", \"fields\": { \"code\": \"id\", \"name\": { \"template\": \"{first} {middle} {last}\" } }";
        var rows = Map(Set, ("rows.csv", "id|first|middle|last\n1|Ann||Lee\n2|||"));
        Assert.Equal("Ann Lee", rows[0].Record!.Values[1]);
        Assert.Equal("import.required", rows[1].Refusals.Single().Reason.Code);
    }

    [Fact]
    public void Joins_put_columns_of_another_file_beside_the_row_and_chain()
    {
        const string Set = """
            "joins": [ { "file": "countries", "as": "c", "on": "country", "equals": "code" }, { "file": "countries", "as": "n", "on": "c.neighbour", "equals": "code", "required": true } ],
            "key": "id", "fields": { "code": "id", "name": "n.title" }
            """;
        var rows = Map(Set, ("rows.csv", "id|country\n1|DE\n2|XX"), ("countries.csv", "code|title|neighbour\nDE|Germany|FR\nFR|France|DE"));
        Assert.Equal("France", rows[0].Record!.Values[1]);
        Assert.Equal(("c.neighbour", ImportRefusals.ReferenceNotFound), (rows[1].Refusals.Single().Column, rows[1].Refusals.Single().Reason.Code));
    }

    [Fact]
    public void Rows_are_ignored_with_the_stated_reason()
    {
        var rows = Map(Simple + "}, \"ignore\": [ { \"when\": [ { \"column\": \"name\", \"in\": [\"POST\", \"M\"] } ], \"reason\": { \"en\": \"No goods\", \"zh-Hans\": \"非商品\" } } ]",
            ("rows.csv", "id|name\n1|Acme\n2|post\n3|"));
        Assert.NotNull(rows[0].Record);
        Assert.Equal("非商品", rows[1].Ignored!.In("zh-Hans"));
        Assert.Null(rows[2].Ignored);
    }

    [Fact]
    public void Rows_of_several_files_add_up_in_groups_and_groups_can_be_ignored()
    {
        const string Set = """
            "let": { "week": { "column": "day", "steps": ["week"] } },
            "group": { "by": ["code", "week"], "sum": { "total": "quantity" }, "first": ["name"] },
            "ignoreGroups": [ { "when": [ { "column": "total", "equals": "0" } ], "reason": "Nothing left" } ],
            "key": { "template": "{code}/{week}" },
            "fields": { "code": "code", "name": "name", "revenue": "total", "since": "week" }
            """;
        var rows = Map(Set,
            ("rows1.csv", "code|day|quantity|name\nA|2010-12-01|6|\nA|2010-12-03|2|Lamp\nB|2010-12-01|5|Cup\nC|2010-12-01|x|Cup"),
            ("rows2.csv", "code|day|quantity|name\nB|2010-12-02|-5|Cup\nA|2010-12-06|1|Lamp"));
        Assert.Equal(6, rows.Count(r => r.IsRow));
        Assert.Equal(ImportRefusals.NotANumber, rows.SelectMany(r => r.Refusals).Single().Reason.Code);
        var groups = rows.Where(r => !r.IsRow).ToList();
        Assert.Equal(["A/2010-11-29", "A/2010-12-06"], groups.Where(g => g.Record is not null).Select(g => g.Record!.Key));
        Assert.Equal(8m, groups[0].Record!.Values[4]);
        Assert.Equal("Lamp", groups[0].Record!.Values[1]);
        Assert.Equal("Nothing left", groups.Single(g => g.Ignored is not null).Ignored!.En);
    }

    [Fact]
    public void A_refusal_names_file_row_column_and_value_and_every_fault_of_the_row()
    {
        var refusals = Map(Simple + ", \"employees\": \"staff\", \"since\": \"from\" }", ("rows.csv", "id|name|staff|from\n1|A|many|never\n!\n|B||")).SelectMany(r => r.Refusals).ToList();
        Assert.Equal(new SourcePlace("rows.csv", 2), refusals[0].Place);
        Assert.Equal([("staff", "many"), ("from", "never")], refusals.Take(2).Select(r => (r.Column, r.Value!)));
        Assert.Equal((3L, ImportRefusals.QuoteNotClosed), (refusals[2].Place.Row, refusals[2].Reason));
        Assert.Contains(refusals, r => r.Place.Row == 4 && r.Reason == ImportRefusals.KeyMissing);
    }

    [Fact]
    public void A_missing_file_or_column_is_one_refusal_of_the_whole_file()
    {
        Assert.Equal(ImportRefusals.FileMissing("rows*.csv"), Map(Simple + "}").Single().Refusals.Single().Reason);
        Assert.Equal(ImportRefusals.ColumnMissing("name"), Map(Simple + "}", ("rows.csv", "id|title\n1|A")).Single().Refusals.Single().Reason);
    }
}
