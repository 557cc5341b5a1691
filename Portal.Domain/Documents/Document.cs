using Portal.Domain.Common;

namespace Portal.Domain.Documents;

public enum DocumentStatus { Draft, Published, Withdrawn }

public sealed class DocumentFolder : Aggregate
{
    public const int NameLength = 120;

    public required string Name { get; set => field = value.Trim(); }
    public string NameZh { get; set; } = "";
    public long? ParentId { get; set; }
}

/// <summary>A paper for partners. Who outside sees it: its audience, kept as shares; only while published and valid.</summary>
public sealed class Document : Aggregate, ISearchable
{
    public const int TitleLength = 200, DescriptionLength = 4000;

    public required string Title { get; set => field = value.Trim(); }
    public string? Description { get; set; }
    public long? FolderId { get; set; }
    public DocumentStatus Status { get; set; } = DocumentStatus.Draft;
    public DateOnly? ValidFrom { get; set; }
    /// <summary>Last valid day.</summary>
    public DateOnly? ValidUntil { get; set; }
    public required long OwnerId { get; set; }
    /// <summary>The version that readers get; null until the first upload.</summary>
    public long? CurrentVersionId { get; set; }
    /// <summary>Whether readers are asked to confirm that they have read it.</summary>
    public bool ReceiptRequired { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    string ISearchable.SearchText => string.Join(' ', Title, Description);

    /// <returns>Null once published, or why not. A date in the future is no hindrance: readers see it from that day.</returns>
    public Refusal? Publish(DateOnly today)
    {
        if (Status is DocumentStatus.Published) { return DocumentRefusals.AlreadyPublished; }
        if (CurrentVersionId is null) { return DocumentRefusals.NothingToPublish; }
        if (ValidUntil < today) { return DocumentRefusals.Expired; }
        Status = DocumentStatus.Published;
        return null;
    }

    /// <returns>Null once withdrawn, or <see cref="DocumentRefusals.NotPublished"/>.</returns>
    public Refusal? Withdraw()
    {
        if (Status is not DocumentStatus.Published) { return DocumentRefusals.NotPublished; }
        Status = DocumentStatus.Withdrawn;
        return null;
    }
}

/// <summary>An uploaded file of a document; never changes.</summary>
public sealed class DocumentVersion
{
    public const int NoteLength = 400;

    public required long Id { get; init; }
    public required long DocumentId { get; init; }
    /// <summary>From 1.</summary>
    public required int Number { get; init; }
    public required string FileName { get; init; }
    /// <summary>Found by looking into the file, not taken from the browser.</summary>
    public required string ContentType { get; init; }
    /// <summary>Bytes.</summary>
    public required long Size { get; init; }
    /// <summary>Lower-case hex; the file's address in the store.</summary>
    public required string Sha256 { get; init; }
    public required DateTimeOffset UploadedAt { get; init; }
    public required long UploadedBy { get; init; }
    public string? Note { get; init; }
}

public enum ReceiptKind { Downloaded, Confirmed }

/// <summary>Who took or confirmed which version, and when.</summary>
public sealed class DocumentReceipt
{
    public required long Id { get; init; }
    public required long DocumentId { get; init; }
    public required long VersionId { get; init; }
    public required long PersonId { get; init; }
    public required string PersonName { get; init; }
    public long? CompanyId { get; init; }
    public required ReceiptKind Kind { get; init; }
    public required DateTimeOffset At { get; init; }
}
