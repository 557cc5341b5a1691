using System.Diagnostics;

namespace Portal.Web.Host;

/// <summary>The id that a person can read to support and support can find in the log: the trace id, which every log line of the request carries.</summary>
public static class Correlation
{
    public const string Header = "X-Correlation-Id";

    public static string Id(HttpContext context) => Activity.Current?.TraceId.ToHexString() is { Length: > 0 } trace ? trace : context.TraceIdentifier;
}
