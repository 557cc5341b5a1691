using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Testing.Hosting;

/// <param name="For">What the request was for, as its <see cref="RecordedSql.Header"/> says; empty outside requests that say so.</param>
public sealed record SqlStatement(string Text, string For, IReadOnlyList<(string Name, object? Value)> Parameters);

/// <summary>Everything that the portal's contexts ask of the database, by request.</summary>
public sealed class RecordedSql : DbCommandInterceptor
{
    /// <summary>A request header of the test's own: for which request the statements are kept.</summary>
    public const string Header = "X-Test-For";

    private static readonly HttpContextAccessor Http = new();

    public ConcurrentQueue<SqlStatement> Statements { get; } = new();

    public void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton<Action<DbContextOptionsBuilder>>(options => options.AddInterceptors(this));

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => Keep(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) => new(Keep(command, result));

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) => Keep(command, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => new(Keep(command, result));

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result) => Keep(command, result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) => new(Keep(command, result));

    private InterceptionResult<T> Keep<T>(DbCommand command, InterceptionResult<T> result)
    {
        var asked = Http.HttpContext?.Request.Headers[Header].ToString() ?? "";
        Statements.Enqueue(new(command.CommandText, asked, [.. command.Parameters.Cast<DbParameter>().Select(p => (p.ParameterName, p.Value))]));
        return result;
    }
}
