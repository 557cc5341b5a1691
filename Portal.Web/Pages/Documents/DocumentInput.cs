using System.ComponentModel.DataAnnotations;
using Portal.Domain.Documents;

namespace Portal.Web.Pages.Documents;

/// <summary>What is said about a document, as its form posts it.</summary>
public sealed class DocumentInput
{
    public long Version { get; set; }
    [Display(Name = "document.title"), Required, StringLength(Document.TitleLength)] public string Title { get; set; } = "";
    [Display(Name = "document.description"), StringLength(Document.DescriptionLength)] public string? Description { get; set; }
    [Display(Name = "document.folder")] public long? FolderId { get; set; }
    [Display(Name = "document.valid-from")] public DateOnly? ValidFrom { get; set; }
    [Display(Name = "document.valid-until")] public DateOnly? ValidUntil { get; set; }
    [Display(Name = "document.receipt-required")] public bool ReceiptRequired { get; set; }

    public static DocumentInput Of(Document document) => new()
    {
        Version = document.Version, Title = document.Title, Description = document.Description, FolderId = document.FolderId,
        ValidFrom = document.ValidFrom, ValidUntil = document.ValidUntil, ReceiptRequired = document.ReceiptRequired,
    };

    /// <param name="id">Null for a new document.</param>
    public SaveDocument.Request Request(long? id) => new(id, id is null ? null : Version, Title, Description, FolderId, ValidFrom, ValidUntil, ReceiptRequired);
}
