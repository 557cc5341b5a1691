using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Identity.Persistence;

namespace Portal.Identity.Keys;

/// <summary>One element of the data-protection key ring, which every node on this database shares.</summary>
public sealed class DataProtectionKey
{
    public int Id { get; init; }
    public required string FriendlyName { get; init; }

    /// <summary>Sealed under the master key. Plain only where an earlier version wrote it, until the next start.</summary>
    public required string Xml { get; set; }
}

/// <summary>
/// Seals texts under the master key, which lies outside the database (AES-256-GCM). Whoever gets hold of a copy of the database alone can then
/// neither forge a cookie nor sign a token: the signing keys are under data protection, and that under this.
/// </summary>
public sealed class MasterKey
{
    public const int Length = 32;
    private const string Mark = "sealed.v1";
    private readonly byte[] _key;

    /// <param name="key">32 random bytes.</param>
    public MasterKey(byte[] key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Length);
        _key = key;
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(key, "Portal.Identity.MasterKey.Id"u8))[..16];
    }

    /// <summary>Tells one key from another and nothing of either.</summary>
    public string Id { get; }

    /// <summary>Reads the key from a file, which is made where it is missing, readable by its owner alone.</summary>
    /// <exception cref="MasterKeyException">The file does not hold 32 bytes in base64.</exception>
    public static MasterKey FromFile(string path)
    {
        if (!File.Exists(path))
        {
            var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length));
            var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            var draft = $"{path}.{Guid.NewGuid():N}";
            using (var writer = new StreamWriter(draft, create))
            {
                writer.Write(text);
            }
            try
            {
                File.Move(draft, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process made it in the same moment; both use that one.
                File.Delete(draft);
            }
        }
        return FromText(File.ReadAllText(path), path);
    }

    /// <exception cref="MasterKeyException">The text is not 32 bytes in base64.</exception>
    public static MasterKey FromText(string text, string source)
    {
        var bytes = new byte[Length + 1];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == Length
            ? new MasterKey(bytes[..Length])
            : throw new MasterKeyException($"{source} must hold 32 bytes in base64.");
    }

    internal static bool IsSealed(string text) => text.StartsWith(Mark, StringComparison.Ordinal);

    /// <param name="purpose">Bound to the text: it opens under no other.</param>
    internal string Seal(string text, string purpose)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var box = new byte[12 + 16 + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, 12));
        using var cipher = new AesGcm(_key, 16);
        cipher.Encrypt(box.AsSpan(0, 12), plain, box.AsSpan(28), box.AsSpan(12, 16), Encoding.UTF8.GetBytes(purpose));
        return $"{Mark}.{Id}.{Convert.ToBase64String(box)}";
    }

    /// <returns>Null for a text that another key sealed or somebody altered.</returns>
    internal string? Open(string text, string purpose)
    {
        if (text.Split('.') is not ["sealed", "v1", var id, var body] || id != Id)
        {
            return null;
        }
        try
        {
            var box = Convert.FromBase64String(body);
            var plain = new byte[box.Length - 28];
            using var cipher = new AesGcm(_key, 16);
            cipher.Decrypt(box.AsSpan(0, 12), box.AsSpan(28), box.AsSpan(12, 16), plain, Encoding.UTF8.GetBytes(purpose));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }
}

/// <summary>The master key is malformed, or does not open what lies in the database.</summary>
public sealed class MasterKeyException(string message) : Exception(message);

/// <summary>Keeps the data-protection key ring in the database, sealed.</summary>
internal sealed partial class DataProtectionKeys(IServiceScopeFactory scopes, IServiceProvider services, IOptions<PortalIdentityOptions> options, ILogger<DataProtectionKeys> log) : IXmlRepository
{
    private readonly Lazy<MasterKey?> _master = new(() => options.Value.MasterKey?.Invoke(services));

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var elements = new List<XElement>();
        var keys = db.DataProtectionKeys.AsNoTracking().OrderBy(key => key.Id).ToList();
        // The framework would make a new key at once, and nobody could tell any more that this node is a stranger.
        RefuseStranger(keys);
        foreach (var key in keys)
        {
            if (Read(key) is { } xml)
            {
                elements.Add(XElement.Parse(xml));
            }
            else
            {
                LogUnreadable(log, key.FriendlyName);
            }
        }
        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var xml = element.ToString(SaveOptions.DisableFormatting);
        db.DataProtectionKeys.Add(new DataProtectionKey { FriendlyName = friendlyName, Xml = _master.Value?.Seal(xml, friendlyName) ?? xml });
        SaveAsync(db, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>At start: seals what lies open, and refuses to go on where another master key sealed everything.</summary>
    /// <exception cref="MasterKeyException">This node's master key is not the one of the database.</exception>
    public async Task CheckAsync(CancellationToken ct)
    {
        if (_master.Value is not { } master)
        {
            return;
        }
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var keys = await db.DataProtectionKeys.ToListAsync(ct);
        RefuseStranger(keys);
        foreach (var open in keys.Where(key => !MasterKey.IsSealed(key.Xml)))
        {
            open.Xml = master.Seal(open.Xml, open.FriendlyName);
        }
        if (db.ChangeTracker.HasChanges())
        {
            await SaveAsync(db, ct);
        }
    }

    private void RefuseStranger(List<DataProtectionKey> keys)
    {
        if (keys.Count > 0 && keys.TrueForAll(key => Read(key) is null) && !options.Value.MasterKeyWasLost)
        {
            throw new MasterKeyException(
                $"The keys in the database were sealed under another master key than this node's ({_master.Value?.Id ?? "none"}). Give this node the other nodes' key file (identity.key in the data folder, "
                + "or Identity:KeyFile), or restore it from the backup. If it is lost for good, start once with Identity:KeyWasLost=true: everybody must then log in again.");
        }
    }

    private string? Read(DataProtectionKey key) => MasterKey.IsSealed(key.Xml) ? _master.Value?.Open(key.Xml, key.FriendlyName) : key.Xml;

    private static async Task SaveAsync(IdentityStoreContext db, CancellationToken ct)
    {
        await using var write = await db.BeginWriteAsync(ct);
        await db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The data-protection key {Key} cannot be read: another master key sealed it")]
    private static partial void LogUnreadable(ILogger log, string key);
}
