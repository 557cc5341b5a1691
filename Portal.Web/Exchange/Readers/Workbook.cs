using System.IO.Compression;
using System.Xml;
using Portal.Domain.Common;
using Portal.Domain.Exchange;

namespace Portal.Web.Exchange.Readers;

/// <summary>
/// The archive of an XLSX workbook: checked against <see cref="ReadLimits"/> before any part is parsed, then read part by part as a stream.
/// Plain zip and XML reading instead of an object model: parts named with backslashes, missing references and the byte limits need the raw parts, and memory stays flat.
/// </summary>
internal sealed class Workbook : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly ReadLimits _limits;
    private readonly Dictionary<string, ZipArchiveEntry> _parts;
    private long _unpacked;
    private long _before;

    private Workbook(ZipArchive archive, ReadLimits limits)
    {
        (_archive, _limits) = (archive, limits);
        _parts = new(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in archive.Entries) { _parts.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/'), entry); }
    }

    public sealed record Sheet(string Name, string Part);

    public IReadOnlyList<Sheet> Sheets { get; private set; } = [];
    public bool DatesFrom1904 { get; private set; }
    public SharedTexts Texts { get; private set; } = SharedTexts.None;
    /// <summary>By style number: how a number in that style is meant.</summary>
    public IReadOnlyList<NumberMeaning> Styles { get; private set; } = [];

    /// <param name="file">Seekable; closed with the workbook, also when refused.</param>
    public static Result<Workbook> Open(Stream file, ReadLimits limits)
    {
        if (IsCompoundFile(file)) { file.Dispose(); return ImportRefusals.WorkbookEncrypted; }
        Workbook? book = null;
        try
        {
            var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: false);
            if (Check(archive, file.Length, limits) is { } refusal) { archive.Dispose(); return refusal; }
            book = new Workbook(archive, limits);
            if (book.ReadParts() is { } missing) { book.Dispose(); return missing; }
            return book;
        }
        catch (Exception fault) when (IsDamage(fault))
        {
            book?.Dispose();
            file.Dispose();
            return fault is PartTooLargeException ? ImportRefusals.WorkbookTooLarge : ImportRefusals.WorkbookDamaged;
        }
    }

    /// <summary>What a damaged archive or part makes the framework's readers throw.</summary>
    public static bool IsDamage(Exception fault) => fault is InvalidDataException or XmlException or EndOfStreamException or PartTooLargeException or NotSupportedException;

    public XmlReader? OpenPart(string name)
    {
        if (!_parts.TryGetValue(name, out var entry)) { return null; }
        _before = _unpacked;
        var stream = new CountedStream(entry.Open(), this);
        return XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            CloseInput = true,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersFromEntities = 1024,
        });
    }

    /// <summary>The share of the part opened last that is read, 0 to 1.</summary>
    public double PartDone(string name) => _parts.TryGetValue(name, out var entry) ? Math.Min(1, (_unpacked - _before) / (double)Math.Max(1, entry.Length)) : 1;

    public void Dispose() => _archive.Dispose();

    /// <summary>The old binary container: a workbook with a password, or one of before 2007.</summary>
    private static bool IsCompoundFile(Stream file)
    {
        Span<byte> head = stackalloc byte[4];
        file.Position = 0;
        var read = file.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 4 && head.SequenceEqual((byte[])[0xD0, 0xCF, 0x11, 0xE0]);
    }

    private static Refusal? Check(ZipArchive archive, long fileLength, ReadLimits limits)
    {
        if (archive.Entries.Count > limits.ArchiveEntries) { return ImportRefusals.WorkbookTooLarge; }
        long unpacked = 0, packed = 0;
        foreach (var entry in archive.Entries)
        {
            if (entry.IsEncrypted) { return ImportRefusals.WorkbookEncrypted; }
            unpacked += entry.Length;
            packed += entry.CompressedLength;
            if (entry.Length < 0 || entry.CompressedLength < 0 || unpacked > limits.ArchiveBytes) { return ImportRefusals.WorkbookTooLarge; }
            if (entry.Length > limits.RatioFrom && entry.Length / Math.Max(1, entry.CompressedLength) > limits.ArchiveRatio) { return ImportRefusals.WorkbookUnsafe; }
        }
        // Parts that share the same bytes of the file pack more than the file holds.
        return packed > fileLength ? ImportRefusals.WorkbookUnsafe : null;
    }

    private Refusal? ReadParts()
    {
        var book = FindBook();
        if (book is null) { return ImportRefusals.NotAWorkbook; }
        var folder = book[..(book.LastIndexOf('/') + 1)];
        var (targets, texts, styles) = ReadRelations(folder, book[folder.Length..]);
        ReadBook(book, targets);
        if (Sheets.Count == 0) { return ImportRefusals.NotAWorkbook; }
        using (var part = OpenPart(styles ?? folder + "styles.xml")) { if (part is not null) { Styles = NumberFormats.Read(part); } }
        using (var part = OpenPart(texts ?? folder + "sharedStrings.xml"))
        {
            if (part is not null)
            {
                if (SharedTexts.Read(part, _limits.SharedTextBytes) is not { } read) { return ImportRefusals.WorkbookTooLarge; }
                Texts = read;
            }
        }
        return null;
    }

    private string? FindBook()
    {
        using (var root = OpenPart("_rels/.rels"))
        {
            while (root?.Read() == true)
            {
                if (root.NodeType is XmlNodeType.Element && root.LocalName == "Relationship"
                    && root.GetAttribute("Type")?.EndsWith("/officeDocument", StringComparison.Ordinal) == true
                    && root.GetAttribute("Target") is { } target && _parts.ContainsKey(Resolve("", target)))
                {
                    return Resolve("", target);
                }
            }
        }
        return _parts.ContainsKey("xl/workbook.xml") ? "xl/workbook.xml" : null;
    }

    private (Dictionary<string, string> Targets, string? Texts, string? Styles) ReadRelations(string folder, string book)
    {
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        string? texts = null, styles = null;
        using var part = OpenPart($"{folder}_rels/{book}.rels");
        while (part?.Read() == true)
        {
            if (part.NodeType is not XmlNodeType.Element || part.LocalName != "Relationship" || part.GetAttribute("TargetMode") == "External") { continue; }
            if (part.GetAttribute("Id") is not { } id || part.GetAttribute("Target") is not { } target) { continue; }
            var resolved = Resolve(folder, target);
            targets[id] = resolved;
            var type = part.GetAttribute("Type") ?? "";
            if (type.EndsWith("/sharedStrings", StringComparison.Ordinal)) { texts = resolved; }
            if (type.EndsWith("/styles", StringComparison.Ordinal)) { styles = resolved; }
        }
        return (targets, texts, styles);
    }

    private void ReadBook(string book, Dictionary<string, string> targets)
    {
        var sheets = new List<Sheet>();
        using var part = OpenPart(book)!;
        while (part.Read())
        {
            if (part.NodeType is not XmlNodeType.Element) { continue; }
            if (part.LocalName == "workbookPr") { DatesFrom1904 |= part.GetAttribute("date1904") is "1" or "true"; }
            if (part.LocalName == "sheet" && part.GetAttribute("name") is { } name)
            {
                var id = RelationId(part);
                if (id is not null && targets.TryGetValue(id, out var target) && _parts.ContainsKey(target)) { sheets.Add(new(name, target)); }
            }
        }
        Sheets = sheets;
    }

    private static string? RelationId(XmlReader element)
    {
        string? id = null;
        for (var more = element.MoveToFirstAttribute(); more; more = element.MoveToNextAttribute())
        {
            if (element.LocalName == "id" && element.Prefix.Length > 0) { id = element.Value; }
        }
        element.MoveToElement();
        return id;
    }

    private static string Resolve(string folder, string target)
    {
        target = target.Replace('\\', '/');
        if (target.StartsWith('/')) { return target.TrimStart('/'); }
        var steps = new List<string>((folder + target).Split('/', StringSplitOptions.RemoveEmptyEntries));
        for (var i = 0; i < steps.Count;)
        {
            if (steps[i] == ".") { steps.RemoveAt(i); }
            else if (steps[i] == ".." && i > 0) { steps.RemoveRange(--i, 2); }
            else { i++; }
        }
        return string.Join('/', steps);
    }

    internal sealed class PartTooLargeException : IOException;

    /// <summary>Counts what really comes out: the sizes in the archive's directory may lie.</summary>
    private sealed class CountedStream(Stream inner, Workbook book) : Stream
    {
        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));
        public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));
        private int Count(int read) => (book._unpacked += read) <= book._limits.ArchiveBytes * 2 ? read : throw new PartTooLargeException();

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        protected override void Dispose(bool disposing) { if (disposing) { inner.Dispose(); } base.Dispose(disposing); }
    }
}
