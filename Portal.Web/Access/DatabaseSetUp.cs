using Microsoft.Data.Sqlite;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.PostgreSql;
using Portal.Sqlite;
using Portal.Web.Host;

namespace Portal.Web.Access;

/// <summary>From the settings <c>Portal:DataFolder</c>, <c>Database:Provider</c> and <c>Database:ConnectionString</c> to contexts.</summary>
public static class DatabaseSetUp
{
    /// <returns>The engine that the services will give, for whoever needs it before them.</returns>
    public static Lazy<IEngine> AddPortalDatabase(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var folder = new DataFolder(builder.Configuration["Portal:DataFolder"], builder.Environment.ContentRootPath);
        var engine = new Lazy<IEngine>(() => EngineOf(builder.Configuration, folder));
        services.AddSingleton(folder);
        services.AddSingleton(_ => engine.Value);
        services.AddSingleton<AccessVersion>();
        services.AddSingleton(provider => new PortalDb(
            provider.GetRequiredService<IEngine>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IdSource>(),
            provider.GetRequiredService<AccessVersion>(), provider.GetService<Action<Microsoft.EntityFrameworkCore.DbContextOptionsBuilder>>()));
        services.AddSingleton<IPortalDb>(provider => provider.GetRequiredService<PortalDb>());
        services.AddSingleton<ScopeBuilder>();
        services.AddSingleton<Askers>();
        services.AddScoped<CurrentScope>();
        services.AddScoped<IScopeSource>(provider => provider.GetRequiredService<CurrentScope>());
        services.AddScoped(provider =>
        {
            var source = provider.GetRequiredService<CurrentScope>();
            return provider.GetRequiredService<PortalDb>().ForAsker(source.Current, source.Through);
        });
        return engine;
    }

    /// <exception cref="StartRefusedException">The settings name no database that there could be.</exception>
    private static IEngine EngineOf(IConfiguration settings, DataFolder folder)
    {
        var connection = settings["Database:ConnectionString"];
        return (settings["Database:Provider"] ?? SqliteEngine.ProviderName) switch
        {
            SqliteEngine.ProviderName => new SqliteEngine(string.IsNullOrEmpty(connection) ? new SqliteConnectionStringBuilder { DataSource = folder.File("portal.db") }.ToString() : connection),
            PostgreSqlEngine.ProviderName when !string.IsNullOrEmpty(connection) => new PostgreSqlEngine(connection),
            PostgreSqlEngine.ProviderName => throw new StartRefusedException("Database:ConnectionString is needed for PostgreSql."),
            var other => throw new StartRefusedException($"Database:Provider '{other}' is not supported. Choose Sqlite or PostgreSql."),
        };
    }
}

/// <summary>Where database, files and keys lie.</summary>
public sealed class DataFolder
{
    /// <exception cref="StartRefusedException">There can be no folder at that place.</exception>
    public DataFolder(string? setting, string contentRoot)
    {
        Path = System.IO.Path.GetFullPath(string.IsNullOrEmpty(setting) ? "data" : setting, contentRoot);
        try { Directory.CreateDirectory(Path); }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException) { throw new StartRefusedException($"The data folder {Path} cannot be used: {unusable.Message}"); }
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A folder below, made when missing.</summary>
    public string Folder(string name) => Directory.CreateDirectory(File(name)).FullName;
}
