using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Portal.Identity.Clients;
using Portal.Identity.Keys;

namespace Portal.Identity.Persistence;

/// <summary>Before the first request: the APIs and clients that the host states, and the signing keys. The schema must be there already.</summary>
internal sealed class IdentityStart(IServiceScopeFactory scopes, DataProtectionKeys protection, SigningKeys keys, IOptions<PortalIdentityOptions> options) : IHostedService
{
    private Task? _prepared;

    public Task StartAsync(CancellationToken cancellationToken) => PrepareAsync(cancellationToken);

    /// <summary>Does it once, also where the host asked for it ahead of the start.</summary>
    public Task PrepareAsync(CancellationToken ct) => _prepared ??= DoAsync(ct);

    private async Task DoAsync(CancellationToken cancellationToken)
    {
        await protection.CheckAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var registry = scope.ServiceProvider.GetRequiredService<ClientRegistry>();
        await registry.ForgetUnstatedAsync([.. options.Value.Resources.Select(resource => resource.Audience)], cancellationToken);
        foreach (var resource in options.Value.Resources)
        {
            await registry.SetResourceAsync(resource, fromSettings: true, cancellationToken);
        }
        foreach (var client in options.Value.Clients)
        {
            await registry.StateAsync(client, cancellationToken);
        }
        await keys.RingAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
