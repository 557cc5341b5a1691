using System.ComponentModel.DataAnnotations;
using Portal.Domain.Documents;

namespace Portal.Web.Pages.Documents;

/// <summary>A file as a form posts it.</summary>
public sealed class FileInput
{
    [Display(Name = "version.file")] public IFormFile? File { get; set; }
    [Display(Name = "version.note"), StringLength(DocumentVersion.NoteLength)] public string? Note { get; set; }
}
