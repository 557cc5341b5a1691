namespace Portal.Web.Demo;

/// <summary>Walks through the demo house's past, so that ids, audit and timeline tell when things happened. Never runs back.</summary>
internal sealed class DemoClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public void MoveTo(DateTimeOffset at)
    {
        if (at > _now) { _now = at; }
    }
}
