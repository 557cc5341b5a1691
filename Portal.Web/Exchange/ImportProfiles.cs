using System.Text.RegularExpressions;
using Portal.Domain.Exchange;

namespace Portal.Web.Exchange;

/// <summary>The profiles of the installation: one JSON file each, in the folder <c>Exchange/Profiles</c> beside the program. A file's name is the profile's name.</summary>
public sealed partial class ImportProfiles
{
    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, IImportSchema> _schemas;

    public ImportProfiles(Importer importer, string? folder = null)
    {
        _folder = folder ?? Path.Combine(AppContext.BaseDirectory, "Exchange", "Profiles");
        _schemas = importer.Schemas;
    }

    public IReadOnlyList<string> Names => !Directory.Exists(_folder)
        ? []
        : [.. Directory.EnumerateFiles(_folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Where(n => NameForm().IsMatch(n)).Order(StringComparer.Ordinal)];

    /// <returns>The profile; or null with its mistakes, and without any where no profile has that name.</returns>
    public async Task<(ImportProfile? Profile, IReadOnlyList<ProfileProblem> Problems)> ReadAsync(string name, CancellationToken ct)
    {
        var file = Path.Combine(_folder, name + ".json");
        if (!NameForm().IsMatch(name) || !File.Exists(file)) { return (null, []); }
        return ProfileReader.Read(name, await File.ReadAllTextAsync(file, ct), _schemas);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,59}$")]
    private static partial Regex NameForm();
}
