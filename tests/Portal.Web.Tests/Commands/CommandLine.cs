using Microsoft.Data.Sqlite;
using Portal.Web.Commands;
using Xunit;

namespace Portal.Web.Tests.Commands;

/// <summary>Commands write to the one console of the process, so their tests run one after the other and beside nothing else.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CommandLine
{
    public const string Name = "command line";
}

/// <summary>What a command answered.</summary>
internal sealed record Answer(int Exit, string Out, string Error);

/// <summary>A data folder of its own, and commands run over it.</summary>
internal sealed class Installation : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-command-").FullName;

    public string Folder => _folder;

    public string DatabaseFile => Path.Combine(_folder, "portal.db");

    public Task<Answer> RunAsync(string[] command, string? input = null) => RunAsync(_folder, command, input);

    /// <summary>Over another place than the folder of this installation.</summary>
    public Task<Answer> RunIn(string place, string command) => RunAsync(place, command.Split(' '), null);

    private static async Task<Answer> RunAsync(string place, string[] command, string? input)
    {
        var (output, error, reader) = (Console.Out, Console.Error, Console.In);
        using var outText = new StringWriter();
        using var errorText = new StringWriter();
        using var inText = new StringReader(input ?? "");
        Console.SetOut(outText);
        Console.SetError(errorText);
        Console.SetIn(inText);
        try
        {
            var exit = await PortalCommands.RunAsync([.. command, "--Portal:DataFolder", place]);
            return new(exit, outText.ToString(), errorText.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
            Console.SetIn(reader);
        }
    }

    public Task<Answer> RunAsync(string command, string? input = null) => RunAsync(command.Split(' ', StringSplitOptions.RemoveEmptyEntries), input);

    /// <summary>Changes the database behind the program's back.</summary>
    public async Task TamperAsync(string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync(string question)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = question;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
