using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Credentials;
using Portal.Identity.Federation;
using Portal.Identity.Keys;
using Portal.Identity.Mail;
using Portal.Identity.Sessions;
using Portal.Identity.Tokens;

namespace Portal.Identity.Persistence;

/// <summary>
/// The identity store: usually in the portal's database, in tables and with a migrations history of its own, so that it can move out.
/// </summary>
public sealed class IdentityStoreContext(DbContextOptions<IdentityStoreContext> options, WriteGate gate) : IdentityUserContext<Account, Guid>(options)
{
    public const string MigrationsTable = "identity_migrations";

    public DbSet<Client> Clients => Set<Client>();
    public DbSet<ClientSecret> ClientSecrets => Set<ClientSecret>();
    public DbSet<ApiResource> Resources => Set<ApiResource>();
    public DbSet<ApiScope> ApiScopes => Set<ApiScope>();
    public DbSet<Consent> Consents => Set<Consent>();
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();
    public DbSet<RevokedToken> RevokedTokens => Set<RevokedToken>();
    public DbSet<UsedAssertion> UsedAssertions => Set<UsedAssertion>();
    public DbSet<PushedRequest> PushedRequests => Set<PushedRequest>();
    public DbSet<LogoutDelivery> LogoutDeliveries => Set<LogoutDelivery>();
    public DbSet<SignInSession> Sessions => Set<SignInSession>();
    public DbSet<AuthorizationCode> Codes => Set<AuthorizationCode>();
    public DbSet<TokenGrant> Grants => Set<TokenGrant>();
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<HostSession> HostSessions => Set<HostSession>();
    public DbSet<AccountLink> Links => Set<AccountLink>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<KnownBrowser> KnownBrowsers => Set<KnownBrowser>();
    public DbSet<OutgoingMessage> Outbox => Set<OutgoingMessage>();
    public DbSet<FederatedProvider> FederatedProviders => Set<FederatedProvider>();
    public DbSet<FederatedDomain> FederatedDomains => Set<FederatedDomain>();
    public DbSet<FederatedLink> FederatedLinks => Set<FederatedLink>();
    public DbSet<FederationAttempt> FederationAttempts => Set<FederationAttempt>();
    public DbSet<IdentityEvent> Events => Set<IdentityEvent>();

    /// <summary>Every write of the store goes through here.</summary>
    internal async Task<StoreWrite> BeginWriteAsync(CancellationToken ct)
    {
        var turn = await gate.EnterAsync(ct);
        try
        {
            return new StoreWrite(turn, await Database.BeginTransactionAsync(ct));
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        // The tables of ASP.NET Core Identity come in the version that AddPortalIdentity sets.
        base.OnModelCreating(builder);
        builder.Entity<Account>(account =>
        {
            account.ToTable("identity_accounts");
            account.Property(a => a.Language).HasMaxLength(20);
            account.Property(a => a.TimeZone).HasMaxLength(60);
            account.Property(a => a.PasswordHash).HasMaxLength(500);
            account.Property(a => a.SecurityStamp).HasMaxLength(64);
            account.Property(a => a.AuthenticatorSecret).HasMaxLength(500);
            account.HasIndex(a => a.NormalizedEmail).IsUnique();
        });
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("identity_account_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("identity_account_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("identity_account_tokens");
        builder.Entity<IdentityUserPasskey<Guid>>().ToTable("identity_account_passkeys");
        builder.Entity<Client>(client =>
        {
            client.ToTable("identity_clients");
            client.HasKey(c => c.ClientId);
            client.Property(c => c.ClientId).HasMaxLength(100);
            client.Property(c => c.Name).HasMaxLength(200);
            client.Property(c => c.IdTokenAlgorithm).HasMaxLength(10);
            client.Property(c => c.PublicKeys).HasMaxLength(20_000);
            client.Property(c => c.LogoutUri).HasMaxLength(1000);
            client.Property(c => c.IntrospectedAudience).HasMaxLength(300);
            client.HasMany(c => c.Secrets).WithOne().HasForeignKey(s => s.ClientId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<ClientSecret>(secret =>
        {
            secret.ToTable("identity_client_secrets");
            secret.Property(s => s.Id).ValueGeneratedNever();
            secret.Property(s => s.Hash).HasMaxLength(64);
        });
        builder.Entity<ApiResource>(resource =>
        {
            resource.ToTable("identity_resources");
            resource.HasKey(r => r.Audience);
            resource.Property(r => r.Audience).HasMaxLength(300);
            resource.Property(r => r.Name).HasMaxLength(200);
            resource.HasMany(r => r.Scopes).WithOne().HasForeignKey(s => s.Audience).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<ApiScope>(scope =>
        {
            scope.ToTable("identity_scopes");
            scope.HasKey(s => s.Name);
            scope.Property(s => s.Name).HasMaxLength(60);
            scope.Property(s => s.Title).HasMaxLength(200);
            scope.Property(s => s.TitleZh).HasMaxLength(200);
        });
        builder.Entity<Consent>(consent =>
        {
            consent.ToTable("identity_consents");
            consent.HasKey(c => new { c.AccountId, c.ClientId });
            consent.Property(c => c.ClientId).HasMaxLength(100);
            consent.Property(c => c.Scope).HasMaxLength(500);
            consent.HasOne<Account>().WithMany().HasForeignKey(c => c.AccountId).OnDelete(DeleteBehavior.Cascade);
            consent.HasOne<Client>().WithMany().HasForeignKey(c => c.ClientId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<RefreshToken>(token =>
        {
            token.ToTable("identity_refresh_tokens");
            token.HasKey(t => t.Hash);
            token.Property(t => t.Hash).HasMaxLength(43);
            token.Property(t => t.ClientId).HasMaxLength(100);
            token.Property(t => t.SealedSuccessor).HasMaxLength(400);
            token.Property(t => t.SuccessorHash).HasMaxLength(43);
            token.HasOne<TokenGrant>().WithMany().HasForeignKey(t => t.GrantId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<RevokedToken>(token =>
        {
            token.ToTable("identity_revoked_tokens");
            token.HasKey(t => t.TokenId);
            token.Property(t => t.TokenId).HasMaxLength(43);
            token.HasIndex(t => t.ExpiresAt);
        });
        builder.Entity<UsedAssertion>(assertion =>
        {
            assertion.ToTable("identity_used_assertions");
            assertion.HasKey(a => a.Hash);
            assertion.Property(a => a.Hash).HasMaxLength(43);
            assertion.HasIndex(a => a.ExpiresAt);
        });
        builder.Entity<PushedRequest>(request =>
        {
            request.ToTable("identity_pushed_requests");
            request.HasKey(r => r.Hash);
            request.Property(r => r.Hash).HasMaxLength(43);
            request.Property(r => r.ClientId).HasMaxLength(100);
            request.HasIndex(r => r.ExpiresAt);
        });
        builder.Entity<LogoutDelivery>(delivery =>
        {
            delivery.ToTable("identity_logout_deliveries");
            delivery.HasKey(d => new { d.SessionId, d.ClientId });
            delivery.Property(d => d.SessionId).HasMaxLength(22);
            delivery.Property(d => d.ClientId).HasMaxLength(100);
            delivery.Property(d => d.LastFault).HasMaxLength(200);
            delivery.HasIndex(d => d.NextTryAt).HasFilter("""
                "DeliveredAt" IS NULL AND "GivenUpAt" IS NULL
                """);
        });
        builder.Entity<SignInSession>(session =>
        {
            session.ToTable("identity_sessions");
            session.Property(s => s.Id).HasMaxLength(22);
            session.Property(s => s.SecurityStamp).HasMaxLength(64);
            session.Property(s => s.Methods).HasMaxLength(60);
            session.Property(s => s.Device).HasMaxLength(60);
            session.Property(s => s.Address).HasMaxLength(64);
            session.Property(s => s.FederatedSession).HasMaxLength(255);
            session.HasIndex(s => s.FederatedProviderId).HasFilter("""
                "FederatedProviderId" IS NOT NULL AND "EndedAt" IS NULL
                """);
            session.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
            session.HasIndex(s => s.AuthenticatedAt);
            session.HasIndex(s => s.LastUsedAt).HasFilter("""
                "ClientsToldAt" IS NULL
                """);
            session.HasIndex(s => s.EndedAt).HasFilter("""
                "ClientsToldAt" IS NULL AND "EndedAt" IS NOT NULL
                """);
        });
        builder.Entity<HostSession>(session =>
        {
            session.ToTable("identity_host_sessions");
            session.HasKey(s => s.KeyHash);
            session.Property(s => s.KeyHash).HasMaxLength(43);
            session.Property(s => s.Issuer).HasMaxLength(200);
            session.Property(s => s.Subject).HasMaxLength(255);
            session.Property(s => s.ProviderSession).HasMaxLength(255);
            session.Property(s => s.Methods).HasMaxLength(60);
            session.Property(s => s.Device).HasMaxLength(60);
            session.Property(s => s.Address).HasMaxLength(64);
            session.HasIndex(s => new { s.Issuer, s.Subject });
            session.HasIndex(s => s.ProviderSession);
            session.HasIndex(s => s.BegunAt);
        });
        builder.Entity<AccountLink>(link =>
        {
            link.ToTable("identity_links");
            link.HasKey(l => l.Hash);
            link.Property(l => l.Hash).HasMaxLength(43);
            link.Property(l => l.Email).HasMaxLength(256);
            link.Property(l => l.SecurityStamp).HasMaxLength(64);
            link.HasOne<Account>().WithMany().HasForeignKey(l => l.AccountId).OnDelete(DeleteBehavior.Cascade);
            link.HasIndex(l => new { l.AccountId, l.Purpose });
            link.HasIndex(l => l.ExpiresAt);
        });
        builder.Entity<RecoveryCode>(code =>
        {
            code.ToTable("identity_recovery_codes");
            code.HasKey(c => new { c.AccountId, c.Hash });
            code.Property(c => c.Hash).HasMaxLength(43);
            code.HasOne<Account>().WithMany().HasForeignKey(c => c.AccountId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<KnownBrowser>(browser =>
        {
            browser.ToTable("identity_known_browsers");
            browser.HasKey(b => new { b.AccountId, b.MarkHash });
            browser.Property(b => b.MarkHash).HasMaxLength(43);
            browser.Property(b => b.Device).HasMaxLength(60);
            browser.HasOne<Account>().WithMany().HasForeignKey(b => b.AccountId).OnDelete(DeleteBehavior.Cascade);
            browser.HasIndex(b => b.LastSeenAt);
        });
        builder.Entity<OutgoingMessage>(message =>
        {
            message.ToTable("identity_outbox");
            message.Property(m => m.Id).ValueGeneratedNever();
            message.Property(m => m.LastError).HasMaxLength(500);
            message.HasIndex(m => new { m.State, m.NextAttemptAt });
            message.HasIndex(m => m.At);
        });
        builder.Entity<AuthorizationCode>(code =>
        {
            code.ToTable("identity_authorization_codes");
            code.HasKey(c => c.Hash);
            code.Property(c => c.Hash).HasMaxLength(43);
            code.Property(c => c.ClientId).HasMaxLength(100);
            code.Property(c => c.RedirectUri).HasMaxLength(1000);
            code.Property(c => c.SessionId).HasMaxLength(22);
            code.Property(c => c.Scope).HasMaxLength(500);
            code.Property(c => c.Nonce).HasMaxLength(512);
            code.Property(c => c.CodeChallenge).HasMaxLength(128);
            code.HasIndex(c => c.ExpiresAt);
        });
        builder.Entity<TokenGrant>(grant =>
        {
            grant.ToTable("identity_grants");
            grant.Property(g => g.CodeHash).HasMaxLength(43);
            grant.Property(g => g.ClientId).HasMaxLength(100);
            grant.Property(g => g.SessionId).HasMaxLength(22);
            grant.Property(g => g.Scope).HasMaxLength(500);
            grant.Property(g => g.SecurityStamp).HasMaxLength(64);
            grant.HasIndex(g => g.CodeHash).IsUnique();
            grant.HasIndex(g => g.SessionId);
            grant.HasIndex(g => g.AccountId);
            grant.HasIndex(g => g.CreatedAt);
        });
        builder.Entity<SigningKey>(key =>
        {
            key.ToTable("identity_signing_keys");
            key.HasKey(k => k.Kid);
            key.Property(k => k.Kid).HasMaxLength(43);
            key.Property(k => k.Algorithm).HasMaxLength(10);
            key.HasIndex(k => new { k.Algorithm, k.Sequence }).IsUnique();
        });
        builder.Entity<DataProtectionKey>(key =>
        {
            key.ToTable("identity_data_protection_keys");
            key.Property(k => k.FriendlyName).HasMaxLength(200);
        });
        builder.Entity<FederatedProvider>(provider =>
        {
            provider.ToTable("identity_federated_providers");
            provider.Property(p => p.Id).ValueGeneratedNever();
            provider.Property(p => p.Owner).HasMaxLength(60);
            provider.Property(p => p.Name).HasMaxLength(120);
            provider.Property(p => p.Issuer).HasMaxLength(500);
            provider.Property(p => p.ClientId).HasMaxLength(255);
            provider.Property(p => p.SealedSecret).HasMaxLength(2000);
            provider.Property(p => p.Scope).HasMaxLength(300);
            provider.Property(p => p.FunctionsClaim).HasMaxLength(120);
            provider.HasIndex(p => p.Owner);
            provider.HasMany(p => p.Domains).WithOne().HasForeignKey(d => d.ProviderId).OnDelete(DeleteBehavior.Cascade);
            provider.HasMany(p => p.Functions).WithOne().HasForeignKey(f => f.ProviderId).OnDelete(DeleteBehavior.Cascade);
            provider.HasOne<Account>().WithMany().HasForeignKey(p => p.EmergencyAccountId).OnDelete(DeleteBehavior.SetNull);
        });
        builder.Entity<FederatedDomain>(domain =>
        {
            domain.ToTable("identity_federated_domains");
            domain.HasKey(d => d.Domain);
            domain.Property(d => d.Domain).HasMaxLength(253);
            domain.Property(d => d.ConfirmedBy).HasMaxLength(160);
            domain.Property(d => d.Evidence).HasMaxLength(300);
        });
        builder.Entity<FederatedFunction>(function =>
        {
            function.ToTable("identity_federated_functions");
            function.HasKey(f => new { f.ProviderId, f.Value, f.Function });
            function.Property(f => f.Value).HasMaxLength(200);
            function.Property(f => f.Function).HasMaxLength(60);
        });
        builder.Entity<FederatedLink>(link =>
        {
            link.ToTable("identity_federated_links");
            link.HasKey(l => new { l.ProviderId, l.Subject });
            link.Property(l => l.Subject).HasMaxLength(255);
            link.HasIndex(l => new { l.AccountId, l.ProviderId }).IsUnique();
            link.HasOne<FederatedProvider>().WithMany().HasForeignKey(l => l.ProviderId).OnDelete(DeleteBehavior.Restrict);
            link.HasOne<Account>().WithMany().HasForeignKey(l => l.AccountId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<FederationAttempt>(attempt =>
        {
            attempt.ToTable("identity_federation_attempts");
            attempt.HasKey(a => a.StateHash);
            attempt.Property(a => a.StateHash).HasMaxLength(43);
            attempt.Property(a => a.BrowserHash).HasMaxLength(43);
            attempt.HasIndex(a => a.ExpiresAt);
        });
        builder.Entity<IdentityEvent>(line =>
        {
            line.ToTable("identity_events");
            line.Property(e => e.ClientId).HasMaxLength(100);
            line.Property(e => e.Address).HasMaxLength(64);
            line.HasIndex(e => new { e.AccountId, e.At });
            line.Property(e => e.Network).HasMaxLength(64);
            line.Property(e => e.Device).HasMaxLength(60);
            line.HasIndex(e => e.At);
            line.HasIndex(e => new { e.Network, e.At });
        });
    }
}
