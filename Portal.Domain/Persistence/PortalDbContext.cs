using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Documents;
using Portal.Domain.Sales;
using Portal.Domain.Supply;

namespace Portal.Domain.Persistence;

/// <summary>
/// The one door to the data. It carries its asker: every query of a scoped type goes through the filter that the scope's shape gave to the
/// model, and every save through <see cref="SaveGuard"/>. Never shared between askers.
/// </summary>
public sealed class PortalDbContext : DbContext
{
    /// <summary>What <see cref="ScopeBuilder.KeysOf"/> and the builder read of a company.</summary>
    private static readonly string[] CompanyColumnsOfScope =
    [
        nameof(Company.Tier), nameof(Company.Region), nameof(Company.Status), nameof(Company.IsSupplier), nameof(Company.IsDistributor), nameof(Company.IsChannelPartner), nameof(Company.Name),
    ];

    private readonly TimeProvider _clock;
    private NewRecords _news = new();
    private bool _hasWritten, _isLent = true;

    /// <param name="scope">Who asks. A context without one cannot be made.</param>
    public PortalDbContext(DbContextOptions<PortalDbContext> options, IEngine engine, AccessScope scope, TimeProvider clock, IdSource ids) : base(options)
    {
        ArgumentNullException.ThrowIfNull(scope);
        (Engine, Scope, _clock, Ids) = (engine, scope, clock, ids);
    }

    public IEngine Engine { get; }
    public AccessScope Scope { get; }
    public IdSource Ids { get; }
    public DateTimeOffset Now => _clock.GetUtcNow();
    public DateOnly Today => DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);

    /// <summary>The door through which changes come, for the audit trail: <c>page:/companies/edit</c>.</summary>
    public string Through { get; set; } = "system";

    /// <summary>Written with the next save; a second save with the same key is refused by its index. See <see cref="DuplicateSubmissionException"/>.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>Moved after a save that changes what scopes are built from.</summary>
    public AccessVersion? AccessVersion { get; init; }

    /// <summary>Something that scopes are built from was written in the open transaction. This process is told when it is committed, since before that others still read the old state; other nodes by a mark that is committed with it.</summary>
    internal bool AccessMoves { get; private set; }

    /// <summary>Saves write many records of one kind at once, changed ones too. Not for a context that goes on after a save that failed: it takes for written what was changed.</summary>
    public bool SavesInBulk { get; set; }

    /// <summary>What is derived is being kept in step, on records that the asker need not see: an engine's own wall is that of the house for as long.</summary>
    public bool IsPastAsker { get; private set; }

    internal PastAsker GoPastAsker()
    {
        var outer = IsPastAsker;
        IsPastAsker = true;
        return new(this, outer);
    }

    internal readonly struct PastAsker(PortalDbContext db, bool outer) : IDisposable
    {
        public void Dispose() => db.IsPastAsker = outer;
    }

    /// <summary>Runs once, when the context has ended: an engine takes back what it lent.</summary>
    public Action? AtEnd { get; set; }

    /// <summary>Who takes the context back when it ends and has written nothing; null: nobody.</summary>
    internal KeptContexts? Keeper { get; init; }

    public override void Dispose()
    {
        if (IsKept()) { return; }
        base.Dispose();
        End();
    }

    public override async ValueTask DisposeAsync()
    {
        if (IsKept()) { return; }
        await base.DisposeAsync();
        End();
    }

    /// <remarks>One that has written, or began to, may hold what belongs to that act alone.</remarks>
    private bool IsKept()
    {
        if (Keeper is null || _hasWritten || SavesInBulk || IdempotencyKey is not null) { return false; }
        if (!_isLent) { return true; }
        if (AtEnd is not null)
        {
            if (Database.CurrentTransaction is not null) { return false; }
            Database.SetDbConnection(null);
            End();
        }
        _isLent = false;
        Keeper.Keep(this);
        return true;
    }

    /// <summary>A kept context is given to its asker again.</summary>
    internal PortalDbContext Lent(string through)
    {
        (_isLent, Through) = (true, through);
        return this;
    }

    private void End()
    {
        var atEnd = AtEnd;
        AtEnd = null;
        atEnd?.Invoke();
    }

    internal void TellAccessMoved()
    {
        AccessMoves = false;
        AccessVersion?.Move();
    }

    public DbSet<Person> People => Set<Person>();
    public DbSet<Team> Teams => Set<Team>();
    public DbSet<AccessGrant> Grants => Set<AccessGrant>();
    public DbSet<Share> Shares => Set<Share>();
    public DbSet<SupportView> SupportViews => Set<SupportView>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();
    public DbSet<SavedView> SavedViews => Set<SavedView>();
    public DbSet<BulkChange> BulkChanges => Set<BulkChange>();
    public DbSet<Job> Jobs => Set<Job>();
    public DbSet<Company> Companies => Set<Company>();
    public DbSet<Site> Sites => Set<Site>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<Territory> Territories => Set<Territory>();
    public DbSet<TimelineEntry> Timeline => Set<TimelineEntry>();
    public DbSet<Comment> Comments => Set<Comment>();
    public DbSet<ProductCategory> Categories => Set<ProductCategory>();
    public DbSet<Product> Products => Set<Product>();
    public DbSet<SupplierItem> SupplierItems => Set<SupplierItem>();
    public DbSet<DemandSignal> DemandSignals => Set<DemandSignal>();
    public DbSet<DemandBatch> DemandBatches => Set<DemandBatch>();
    public DbSet<SalesStage> Stages => Set<SalesStage>();
    public DbSet<Opportunity> Opportunities => Set<Opportunity>();
    public DbSet<OpportunityLine> OpportunityLines => Set<OpportunityLine>();
    public DbSet<OpportunityContact> OpportunityContacts => Set<OpportunityContact>();
    public DbSet<StageChange> StageChanges => Set<StageChange>();
    public DbSet<OpportunityInFull> OpportunitiesInFull => Set<OpportunityInFull>();
    public DbSet<OpportunityTotal> OpportunityTotals => Set<OpportunityTotal>();
    public DbSet<DocumentFolder> Folders => Set<DocumentFolder>();
    public DbSet<Document> Documents => Set<Document>();
    public DbSet<DocumentVersion> DocumentVersions => Set<DocumentVersion>();
    public DbSet<DocumentReceipt> DocumentReceipts => Set<DocumentReceipt>();

    /// <summary>Records of the type that the asker sees in at least this field set. Without it, every sight counts.</summary>
    public IQueryable<T> SeenIn<T>(FieldSet fields) where T : class
    {
        var filter = Sights.Of<T>() is { } sight ? SightFilter.For(sight, this, fields) : null;
        return filter is null ? Set<T>() : Set<T>().Where(filter);
    }

    /// <summary>Records of the type that the asker may act upon so: by reach, by rule grant or by share.</summary>
    public IQueryable<T> AllowedTo<T>(GrantActions actions) where T : class
    {
        var filter = Sights.Of<T>() is { Class: not null } sight ? SightFilter.ForActing(sight, this, actions) : throw new InvalidOperationException($"{typeof(T).Name} is neither granted nor shared.");
        return filter is null ? Set<T>() : Set<T>().Where(filter);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.Properties<decimal>().HavePrecision(18, 4);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);
        Sights.HangFilters(modelBuilder, this);
        foreach (var type in modelBuilder.Model.GetEntityTypes().Where(t => typeof(Aggregate).IsAssignableFrom(t.ClrType)))
        {
            modelBuilder.Entity(type.ClrType).Property(nameof(Aggregate.Version)).IsConcurrencyToken();
            modelBuilder.Entity(type.ClrType).Property(nameof(Aggregate.Id)).ValueGeneratedNever();
        }
        Engine.Shape(modelBuilder);
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new InvalidOperationException("Saving is asynchronous: it waits for the turn to write.");

    /// <exception cref="ScopeViolationException">The asker cannot see what is written or pointed at.</exception>
    /// <exception cref="DuplicateSubmissionException">The submission with this idempotency key was done before.</exception>
    /// <exception cref="ReadOnlyScopeException">Somebody looks in the person's place.</exception>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (Scope.Kind is ScopeKind.Rights) { throw new InvalidOperationException("A scope of rights reads."); }
        if (Scope.IsReadOnly) { throw new ReadOnlyScopeException(); }
        _hasWritten = true;
        ChangeTracker.DetectChanges();
        if (!ChangeTracker.HasChanges() && IdempotencyKey is null && _news.IsEmpty) { return 0; }
        if (Scope.Kind is ScopeKind.LogIn) { RequireOnePerson(); }
        if (Database.CurrentTransaction is not null) { return await SaveInTransactionAsync(acceptAllChangesOnSuccess, cancellationToken); }
        using var turn = await Engine.EnterWriteAsync(cancellationToken);
        await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
        var written = await SaveInTransactionAsync(acceptAllChangesOnSuccess, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return written;
    }

    /// <summary>
    /// A new record with what belongs to it, written by the next save, set by set and untracked: for many at once. Every rule of a save holds for it. It
    /// must not point at a new record that is tracked, except one that was saved before.
    /// </summary>
    public void AddInBulk(object record)
    {
        _hasWritten = true;
        _news.Add(this, record);
    }

    /// <summary>New keys of an import, each made when it is written. They stand beside their records and have no rights of their own.</summary>
    internal void AddAsWritten(IEnumerable<Exchange.ExternalKey> keys)
    {
        _hasWritten = true;
        _news.AddAsWritten(this, keys);
    }

    /// <summary>Drops everything that is pending or tracked.</summary>
    public void Forget()
    {
        ChangeTracker.Clear();
        _news = new();
    }

    /// <summary>Asks what a save would ask of the asker's sight, without writing or waiting for a turn.</summary>
    /// <param name="unsaved">Ids of records that were checked before and are not there: what points at them is let through.</param>
    /// <exception cref="ScopeViolationException">The asker cannot see what would be written or pointed at.</exception>
    public async Task CheckAsync(IReadOnlySet<long> unsaved, CancellationToken ct)
    {
        ChangeTracker.DetectChanges();
        await SaveGuard.CheckBeforeAsync(this, _news, ct, unsaved);
        SaveGuard.CheckUnsaved(this, _news);
    }

    private async Task<int> SaveInTransactionAsync(bool acceptAllChangesOnSuccess, CancellationToken ct)
    {
        var news = _news;
        _news = new();
        await SaveGuard.CheckBeforeAsync(this, news, ct);
        var added = SaveGuard.Added(this, news);
        var accessMoves = ChangeTracker.Entries().Any(MovesAccess) || news.All.Any(n => RightsSources.Moving.Contains(n.Table.Type.ClrType));
        var pipelineMoves = Upkeep.PipelineMoves(this, news);
        await SaveTrail.WriteAsync(this, news, ct);
        if (IdempotencyKey is { } key)
        {
            Add(new IdempotencyKey { Key = key, PersonId = Scope.PersonId, At = Now });
            IdempotencyKey = null;
        }
        try
        {
            var changed = SavesInBulk ? ChangedRecords.Take(this) : null;
            var written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, ct) + await news.WriteAsync(this, ct);
            // Changed records may point at new ones.
            if (changed is not null) { written += await changed.WriteAsync(this, ct); }
            await SaveGuard.CheckAfterAsync(this, added, ct);
            if (pipelineMoves.Length > 0) { await Upkeep.KeepPipelineDemandAsync(this, pipelineMoves, ct); }
            AccessMoves |= accessMoves;
            return written;
        }
        catch (DbUpdateException e) when (Engine.IsUniqueViolation(e) && e.Entries.Any(x => x.Entity is IdempotencyKey))
        {
            throw new DuplicateSubmissionException(e);
        }
    }

    private void RequireOnePerson()
    {
        var written = ChangeTracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted).Select(e => e.Metadata.ClrType).Concat(_news.All.Select(n => n.Table.Type.ClrType));
        if (written.FirstOrDefault(type => type != typeof(AuditEntry) && !RightsSources.OfPerson.Contains(type)) is { } other) { throw new ScopeViolationException($"A step of logging in would write {other.Name}."); }
    }

    private static bool MovesAccess(EntityEntry entry) => entry.State switch
    {
        EntityState.Added or EntityState.Deleted => RightsSources.Moving.Contains(entry.Metadata.ClrType),
        EntityState.Modified when entry.Entity is Company => CompanyColumnsOfScope.Any(name => entry.Property(name).IsModified),
        EntityState.Modified => RightsSources.Moving.Contains(entry.Metadata.ClrType),
        _ => false,
    };

    /// <summary>
    /// Works out the pipeline demand of these opportunities anew. Saves do it by themselves for what they change; this is for changes that no save
    /// carries, such as bulk updates. Call it in their transaction, with nothing pending.
    /// </summary>
    internal async Task KeepPipelineDemandAsync(IReadOnlyCollection<long> opportunityIds, CancellationToken ct)
    {
        if (ChangeTracker.HasChanges() || !_news.IsEmpty) { throw new InvalidOperationException("Save first: pipeline demand follows what is saved."); }
        await Upkeep.KeepPipelineDemandAsync(this, opportunityIds, ct);
    }

    /// <summary>Several saves as one. Opens the turn to write and the transaction; commits when <paramref name="work"/> returns true.</summary>
    public async Task InOneTransactionAsync(Func<Task<bool>> work, CancellationToken ct)
    {
        _hasWritten = true;
        using var turn = await Engine.EnterWriteAsync(ct);
        await using var transaction = await Database.BeginTransactionAsync(ct);
        if (await work()) { await transaction.CommitAsync(ct); }
    }
}

/// <summary>One model per engine and shape of scope.</summary>
public sealed class ScopedModelCacheKeyFactory : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) =>
        context is PortalDbContext portal ? (context.GetType(), portal.Engine.Name, portal.Scope.Shape, designTime) : (context.GetType(), designTime);
}

/// <summary>Somebody tried to write, or point at, what the scope does not show. Answered as not found.</summary>
public sealed class ScopeViolationException(string message) : Exception(message);

/// <summary>Who looks at the portal as somebody else sees it changes nothing. Answered as forbidden.</summary>
public sealed class ReadOnlyScopeException() : Exception("Whoever looks as somebody else only reads.");

/// <summary>The submission was done before; its answer is on record.</summary>
public sealed class DuplicateSubmissionException(Exception inner) : Exception("This submission was done before.", inner);
