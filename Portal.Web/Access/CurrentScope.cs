using Portal.Domain.Access;

namespace Portal.Web.Access;

/// <summary>Who asks in this request, job or command.</summary>
public interface IScopeSource
{
    /// <exception cref="InvalidOperationException">Nobody is known: a context without a scope cannot be made.</exception>
    AccessScope Current { get; }
}

/// <summary>Set once at the edge: by the request's asker, by a job, by a command.</summary>
public sealed class CurrentScope(IHttpContextAccessor http) : IScopeSource
{
    private AccessScope? _scope;

    /// <summary>The door, for the audit trail.</summary>
    public string Through { get => field ?? (http.HttpContext is { } context ? $"page:{context.Request.Path}" : "system"); set; }

    public AccessScope Current => _scope ??= (http.HttpContext is { } context ? Asker.Of(context)?.Scope : null)
        ?? throw new InvalidOperationException("Nobody is known to ask: no scope.");

    /// <exception cref="InvalidOperationException">Somebody asks already.</exception>
    public void Set(AccessScope scope, string through) =>
        (_scope, Through) = (_scope is null ? scope : throw new InvalidOperationException("The scope is set once."), through);
}
