using Microsoft.AspNetCore.Authorization;
using Portal.Domain.Access;

namespace Portal.Web.Access;

/// <summary>One policy per permission, answered from the asker's scope: permission to do. Which records, the scope says.</summary>
public static class Policies
{
    public static void AddPortalPolicies(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        var policies = services.AddAuthorizationBuilder();
        foreach (var permission in Permissions.All) { policies.AddPolicy(permission, policy => policy.RequireAuthenticatedUser().AddRequirements(new PermissionRequirement(permission))); }
        policies.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new PermissionRequirement(Permissions.SignedIn)).Build());
    }

    private sealed record PermissionRequirement(string Permission) : IAuthorizationRequirement;

    private sealed class PermissionHandler(IHttpContextAccessor http) : AuthorizationHandler<PermissionRequirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
        {
            var request = context.Resource as HttpContext ?? http.HttpContext;
            if (request is not null && Asker.Of(request)?.Scope.May(requirement.Permission) == true) { context.Succeed(requirement); }
            return Task.CompletedTask;
        }
    }
}
