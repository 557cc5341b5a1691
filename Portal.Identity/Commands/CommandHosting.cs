using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Identity.Commands;

public static class CommandHosting
{
    /// <summary>A command logs to standard error only what went wrong, and nothing runs beside it.</summary>
    public static void AsCommand(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // What a statement failed of ends the command in words, or was expected: on PostgreSQL a new database is known by its missing table.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);
        builder.Services.RemoveAll<IHostedService>();
    }
}
