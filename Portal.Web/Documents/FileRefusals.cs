using Portal.Domain.Common;

namespace Portal.Web.Documents;

/// <summary>Why a file was not taken.</summary>
public static class FileRefusals
{
    private const string Field = "File";

    public static readonly Refusal Missing = new("file.missing", Field: Field);
    public static readonly Refusal Empty = new("file.empty", Field: Field);
    public static readonly Refusal NotText = new("file.not-text", Field: Field);
    public static readonly Refusal Broken = new("file.broken", Field: Field);
    public static readonly Refusal Bomb = new("file.bomb", Field: Field);
    public static readonly Refusal Macros = new("file.macros", Field: Field);
    public static readonly Refusal Infected = new("file.infected", Field: Field);

    /// <param name="most">Bytes.</param>
    public static Refusal TooLarge(long most) => new("file.too-large", Field: Field, Values: [most >> 20]);

    /// <param name="extension">With its dot; empty where the name has none.</param>
    public static Refusal KindRefused(string extension, string allowed) =>
        extension.Length == 0 ? new("file.no-extension", Field: Field, Values: [allowed]) : new("file.kind-refused", Field: Field, Values: [extension, allowed]);

    public static Refusal ContentDiffers(string extension) => new("file.content-differs", Field: Field, Values: [extension]);
}
