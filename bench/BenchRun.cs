using System.Globalization;
using Portal.Bench.Data;
using Portal.Bench.Yardsticks;

namespace Portal.Bench;

/// <summary>One run of the command: what it was told, the houses that its parts measure in, and the table that it fills.</summary>
/// <param name="Folder">Where data and houses lie; they are kept for the next run.</param>
/// <param name="Portal">The address that the measured portal has: accounts belong to it.</param>
/// <param name="Rows">Opportunities of the usual house.</param>
/// <param name="Large">Whether growth is measured up to ten million opportunities; else up to one.</param>
/// <param name="Round">How long the load generator drives one page.</param>
internal sealed record BenchRun(string Folder, Uri Portal, long Rows, bool Large, TimeSpan Round)
{
    public Findings Findings { get; } = new();

    /// <summary>The data folder of a portal of this size, loaded when no earlier run has left it.</summary>
    public async Task<string> HouseAsync(HouseSize size, CancellationToken ct)
    {
        var house = Path.Combine(Folder, "houses", size.Name);
        await PortalHouse.PrepareAsync(Csv(size), house, size, Portal, ct);
        return house;
    }

    /// <summary>The usual house: the data set as it is known, or as many opportunities as the command was told.</summary>
    public Task<string> UsualHouseAsync(CancellationToken ct) => HouseAsync(new(Rows), ct);

    /// <summary>The same rows in the yardstick file.</summary>
    /// <returns>The file, and how long the opportunities took: the bare indexed insert.</returns>
    public (string File, TimeSpan Insert) Yardstick(HouseSize size)
    {
        var csv = Csv(size);
        var file = Path.Combine(csv, "yardstick.db");
        return (file, YardstickFile.Load(csv, file));
    }

    public Task<Server> PortalAsync(string house, CancellationToken ct) => Server.PortalAsync(house, Portal, ct);

    /// <summary>The yardstick pages over a loaded yardstick file.</summary>
    public static async Task<Server> YardstickPagesAsync(string file, CancellationToken ct)
    {
        var address = Server.FreeAddress();
        var pages = Server.Start(address, Environment.GetCommandLineArgs()[0], "serve", "--file", file, "--yardsticks", address.GetLeftPart(UriPartial.Authority));
        await pages.UntilItAnswersAsync("/hello", ct);
        return pages;
    }

    public static void Say(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss} {text}"));

    /// <summary>The folder with the data set as CSV.</summary>
    public string Csv(HouseSize size)
    {
        var folder = Path.Combine(Folder, "data", size.Name);
        BenchData.Prepare(folder, size);
        return folder;
    }
}
