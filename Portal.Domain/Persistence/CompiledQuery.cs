using System.Collections.Concurrent;
using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portal.Domain.Persistence;

/// <summary>A query that is translated once for each shape of scope and each language, not at every use. What it reads beside its argument must not change.</summary>
public sealed class CompiledQuery<TArgument, TResult>(Expression<Func<PortalDbContext, TArgument, IQueryable<TResult>>> query)
{
    private readonly ConcurrentDictionary<(IModel, string Language), Func<PortalDbContext, TArgument, IAsyncEnumerable<TResult>>> _compiled = new();
    private readonly ConcurrentDictionary<(IModel, string Language), Func<PortalDbContext, TArgument, IEnumerable<TResult>>> _compiledAtOnce = new();

    public async Task<TResult?> FirstOrDefaultAsync(PortalDbContext db, TArgument argument, CancellationToken ct)
    {
        var form = (db.Model, CultureInfo.CurrentUICulture.Name);
        if (db.Engine.IsInProcess) { return _compiledAtOnce.GetOrAdd(form, static (_, asked) => EF.CompileQuery(asked), query)(db, argument).FirstOrDefault(); }
        var run = _compiled.GetOrAdd(form, static (_, asked) => EF.CompileAsyncQuery(asked), query);
        await foreach (var result in run(db, argument).WithCancellation(ct)) { return result; }
        return default;
    }
}
