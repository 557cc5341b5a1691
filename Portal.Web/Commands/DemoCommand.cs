using System.CommandLine;
using System.Globalization;
using Portal.Web.Demo;
using Portal.Web.Host;

namespace Portal.Web.Commands;

/// <summary><c>demo [--scale N]</c>: migrates and fills an empty database with the demo house.</summary>
public static class DemoCommand
{
    public static Command Make(CommandHost host)
    {
        var scale = new Option<int>("--scale") { Description = "How many times the usual size", DefaultValueFactory = _ => 1 };
        scale.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out var times) && times is < 1 or > DemoData.LargestScale) { given.AddError($"--scale takes 1 to {DemoData.LargestScale}."); }
        });
        var command = new Command("demo", "Fill an empty database with demo data and demo people") { scale };
        host.Handle(command, async (run, ct) =>
        {
            if ((await run.Get<Schema>().MigrateAsync(ct)).Refusal is { } behind) { return run.Refused(behind, Schema.Explain(behind)); }
            var filled = await run.Get<DemoSetUp>().FillAsync(run.Arguments.GetValue(scale), ct);
            if (filled.Refusal is { } refusal) { return run.Refused(refusal, DemoSetUp.Explain(refusal)); }
            var made = filled.Value;
            return run.Done(new { made, people = DemoPeople.WhoLogIn.Select(p => new { p.Email, p.Functions, p.Company }) },
                $"{made.Companies} companies, {made.Contacts} contacts, {made.Products} products, {made.SupplierItems} supplier items, {made.Opportunities} opportunities, {made.Comments} comments, {made.Shares} shares, {made.DemandSignals} demand signals",
                DemoSetUp.Describe());
        });
        return command;
    }
}
