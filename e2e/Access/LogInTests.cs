using Portal.E2E.Harness;
using Xunit;

namespace Portal.E2E.Access;

public sealed class LogInTests(Chromium browser)
{
    public static MatrixTheoryData<string, string> PeopleInBothLanguages => new(Person.All.Select(person => person.Email), ["en", "zh"]);

    public static TheoryData<string, string, int, bool> Homes => new()
    {
        { Person.Manager.Email, "en", 390, false },
        { Person.Manager.Email, "zh", 390, true },
        { Person.Reseller.Email, "en", 390, true },
        { Person.Reseller.Email, "zh", 390, false },
        { Person.Reseller.Email, "en", 1280, true },
        { Person.Admin.Email, "zh", 1280, true },
    };

    [Theory, MemberData(nameof(PeopleInBothLanguages))]
    public Task A_demo_person_logs_in_and_reaches_a_home_page_open_to_all(string email, string language) =>
        ReachHomeAsync(new Person(email), new Surroundings(language));

    [Theory, MemberData(nameof(Homes))]
    public Task The_home_page_holds_on_a_phone_and_in_the_dark(string email, string language, int width, bool dark) =>
        ReachHomeAsync(new Person(email), new Surroundings(language, width, dark));

    private Task ReachHomeAsync(Person person, Surroundings surroundings) => browser.VisitAsync(surroundings, async visit =>
    {
        await visit.Page.GotoAsync("/");
        await visit.CheckAsync("log-in");

        await visit.SignInAsync(person);

        Assert.Equal("/", new Uri(visit.Page.Url).AbsolutePath);
        await visit.CheckAsync($"home-{person.Slug}");
    });
}
