using Microsoft.AspNetCore.Http;

namespace Portal.Identity.Credentials;

/// <summary>The one script of the provider's pages, out of the program itself, so that it is there wherever the provider runs.</summary>
internal static class PasskeyScript
{
    private static readonly byte[] s_script = Read();

    public static IResult Answer(HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=3600";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(s_script, "text/javascript; charset=utf-8");
    }

    private static byte[] Read()
    {
        using var stream = typeof(PasskeyScript).Assembly.GetManifestResourceStream("passkey.js")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
