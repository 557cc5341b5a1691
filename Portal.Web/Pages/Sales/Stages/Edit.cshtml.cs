using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Sales.Stages;

[Authorize(Policy = Permissions.ManageAccess)]
public sealed class EditModel(PortalDbContext db, SaveStage save, IStringLocalizer<SalesText> text, IStringLocalizer<UiText> ui) : SmallRecordPage<SalesStage, EditModel.InputModel>(db, text, ui)
{
    public sealed class InputModel : SmallRecordInput
    {
        [Display(Name = "stage.name"), Required, StringLength(SalesStage.NameLength)] public string Name { get; set; } = "";
        [Display(Name = "stage.name-zh"), StringLength(SalesStage.NameLength)] public string? NameZh { get; set; }
        [Display(Name = "stage.position"), Range(0, SalesStage.LastPosition)] public int Position { get; set; }
        [Display(Name = "stage.probability"), Range(0, 100)] public int Probability { get; set; }
        [Display(Name = "stage.kind")] public StageKind Kind { get; set; }
        [Display(Name = "stage.code"), StringLength(SalesStage.CodeLength)] public string? Code { get; set; }
    }

    protected override string ListPath => "/opportunities/stages";

    protected override InputModel InputOf(SalesStage stage) =>
        new() { Version = stage.Version, Name = stage.Name, NameZh = stage.NameZh, Position = stage.Position, Probability = stage.Probability, Kind = stage.Kind, Code = stage.Code };

    /// <summary>The new stage comes behind the last open one, and is as likely to be won.</summary>
    protected override async Task<InputModel> NewAsync(CancellationToken ct)
    {
        var last = await Db.Stages.Where(s => s.Kind == StageKind.Open).OrderByDescending(s => s.Position).Select(s => new { s.Position, s.Probability }).FirstOrDefaultAsync(ct);
        return new() { Position = last?.Position ?? 1, Probability = last?.Probability ?? 0 };
    }

    protected override async Task<Refusal?> SaveAsync(long? id, CancellationToken ct) =>
        (await save.ExecuteAsync(new(id, Input.Version, Input.Code, Input.Name, Input.NameZh, Input.Position, Input.Probability, Input.Kind), ct)).Refusal;

    protected override Task<Refusal?> RemoveAsync(long id, CancellationToken ct) => save.RemoveAsync(id, ct);
}
