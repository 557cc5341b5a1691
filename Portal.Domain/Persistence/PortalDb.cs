using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Portal.Domain.Access;
using Portal.Domain.Common;

namespace Portal.Domain.Persistence;

/// <summary>Makes contexts over one engine.</summary>
public sealed class PortalDb : IPortalDb
{
    private readonly DbContextOptions<PortalDbContext> _options;
    private readonly TimeProvider _clock;
    private readonly IdSource _ids;

    /// <param name="configure">Adds to the options: logging, interceptors of a test.</param>
    public PortalDb(IEngine engine, TimeProvider clock, IdSource ids, AccessVersion accessVersion, Action<DbContextOptionsBuilder>? configure = null)
    {
        (Engine, _clock, _ids, AccessVersion) = (engine, clock, ids, accessVersion);
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        engine.Configure(options);
        options.ReplaceService<IModelCacheKeyFactory, ScopedModelCacheKeyFactory>();
        configure?.Invoke(options);
        _options = options.Options;
    }

    public IEngine Engine { get; }
    public AccessVersion AccessVersion { get; }

    public PortalDbContext For(AccessScope scope, string through = "system") =>
        new(_options, Engine, scope, _clock, _ids) { Through = through, AccessVersion = AccessVersion };
}
