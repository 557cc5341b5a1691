using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Identity.Host;

/// <summary>
/// The certificate for https: what the settings of Kestrel name (<c>Kestrel:Certificates:Default:Path</c> with <c>KeyPath</c> or <c>Password</c>). Where they name none and
/// only this machine can reach the provider, one is made and kept, which no browser trusts until it is told to.
/// </summary>
internal static class Certificate
{
    private const string FileName = "development.pfx";
    private static readonly TimeSpan s_lasts = TimeSpan.FromDays(365), s_renewed = TimeSpan.FromDays(30);

    /// <returns>Null where the settings hold one, or none is needed.</returns>
    /// <exception cref="StartRefusedException">Others may come by https, and there is no certificate to show them.</exception>
    public static X509Certificate2? ForSettings(IConfiguration settings, DataFolder folder, DateTimeOffset now)
    {
        if (settings.GetSection("Kestrel:Certificates:Default").Exists() || settings.GetSection("Kestrel:Endpoints").Exists()) { return null; }
        var addresses = (settings["Urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(url => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase)).ToList();
        if (addresses.Count == 0) { return null; }
        if (addresses.Exists(url => !Uri.TryCreate(url, UriKind.Absolute, out var uri) || !uri.IsLoopback))
        {
            throw new StartRefusedException("Urls asks for https that others can reach: name its certificate in Kestrel:Certificates:Default:Path (with KeyPath, or Password for a .pfx file), or serve http on a loopback address behind a proxy that ends TLS.");
        }
        return Kept(folder.File(FileName), now) ?? Make(folder.File(FileName), now);
    }

    private static X509Certificate2? Kept(string path, DateTimeOffset now)
    {
        if (!File.Exists(path)) { return null; }
        try
        {
            var kept = X509CertificateLoader.LoadPkcs12FromFile(path, null);
            return kept.NotAfter.ToUniversalTime() - s_renewed > now.UtcDateTime ? kept : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static X509Certificate2 Make(string path, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var made = request.CreateSelfSigned(now.AddMinutes(-5), now + s_lasts);
        var bytes = made.Export(X509ContentType.Pfx);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) { options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; }
        using (var file = new FileStream(path, options))
        {
            file.Write(bytes);
        }
        return X509CertificateLoader.LoadPkcs12(bytes, null);
    }
}
