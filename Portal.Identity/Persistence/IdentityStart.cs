using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Portal.Identity.Clients;
using Portal.Identity.Keys;

namespace Portal.Identity.Persistence;

/// <summary>Before the first request: the clients that the host states, and the signing keys. The schema must be there already.</summary>
internal sealed class IdentityStart(IServiceScopeFactory scopes, SigningKeys keys, IOptions<PortalIdentityOptions> options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in options.Value.Clients)
        {
            await RegisterAsync(registration, cancellationToken);
        }
        await keys.RingAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RegisterAsync(ClientRegistration registration, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var client = await db.Clients.FirstOrDefaultAsync(c => c.ClientId == registration.ClientId, ct);
        if (client is null)
        {
            client = new Client
            {
                ClientId = registration.ClientId,
                Name = registration.Name,
                Kind = registration.Kind,
                RedirectUris = [],
                PostLogoutRedirectUris = [],
                Scopes = [],
                SecretHashes = [],
                IdTokenAlgorithm = registration.IdTokenAlgorithm,
            };
            db.Clients.Add(client);
        }
        client.Name = registration.Name;
        client.Kind = registration.Kind;
        client.RedirectUris = [.. registration.RedirectUris];
        client.PostLogoutRedirectUris = [.. registration.PostLogoutRedirectUris];
        client.Scopes = [.. registration.Scopes];
        client.SecretHashes = [.. registration.Secrets.Select(Client.HashOf)];
        client.IdTokenAlgorithm = registration.IdTokenAlgorithm;
        try
        {
            await using var write = await db.BeginWriteAsync(ct);
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        catch (DbUpdateException) when (db.Entry(client).State == EntityState.Added)
        {
            // Another node of the same configuration registered it a moment ago.
            db.ChangeTracker.Clear();
            if (!await db.Clients.AnyAsync(c => c.ClientId == registration.ClientId, ct))
            {
                throw;
            }
        }
    }
}
