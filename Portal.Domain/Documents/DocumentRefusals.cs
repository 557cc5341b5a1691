using Portal.Domain.Common;

namespace Portal.Domain.Documents;

/// <summary>Why something about a document was not done.</summary>
public static class DocumentRefusals
{
    public static readonly Refusal NotFound = new("document.not-found", RefusalKind.NotFound);
    public static readonly Refusal TitleMissing = new("document.title-missing", Field: nameof(Document.Title));
    public static readonly Refusal FolderUnknown = new("document.folder-unknown", Field: nameof(Document.FolderId));
    public static readonly Refusal ValidityBackwards = new("document.validity-backwards", Field: nameof(Document.ValidUntil));
    public static readonly Refusal NothingToPublish = new("document.nothing-to-publish");
    public static readonly Refusal Expired = new("document.expired");
    public static readonly Refusal AlreadyPublished = new("document.already-published", RefusalKind.Conflict);
    public static readonly Refusal NotPublished = new("document.not-published", RefusalKind.Conflict);
    public static readonly Refusal SameFile = new("document.same-file", Field: "File");
    /// <summary>Somebody saved it since it was opened.</summary>
    public static readonly Refusal Changed = new("document.changed", RefusalKind.Conflict);
    /// <summary>What the reader has before the eyes is no longer the version to confirm.</summary>
    public static readonly Refusal NewerVersion = new("document.newer-version", RefusalKind.Conflict);
    public static readonly Refusal NoReceiptAsked = new("document.no-receipt-asked", RefusalKind.Conflict);

    public static readonly Refusal FolderNotFound = new("folder.not-found", RefusalKind.NotFound);
    public static readonly Refusal FolderNameMissing = new("folder.name-missing", Field: nameof(DocumentFolder.Name));
    public static readonly Refusal ParentUnknown = new("folder.parent-unknown", Field: nameof(DocumentFolder.ParentId));
    public static readonly Refusal ParentBelow = new("folder.parent-below", Field: nameof(DocumentFolder.ParentId));
    public static readonly Refusal FolderChanged = new("folder.changed", RefusalKind.Conflict);
    public static readonly Refusal FolderInUse = new("folder.in-use", RefusalKind.Conflict);

    public static Refusal TooLong(string field, int most) => new("document.too-long", Field: field, Values: [most]);
    public static Refusal FolderNameTaken(string name) => new("folder.name-taken", RefusalKind.Conflict, nameof(DocumentFolder.Name), name);
}
