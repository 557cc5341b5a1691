using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Access.Teams;

[Authorize(Policy = Permissions.ManageAccess)]
public sealed class EditModel(PortalDbContext db, SaveTeam save, StepUp stepUp, IStringLocalizer<AccessText> text, IStringLocalizer<UiText> ui) : SmallRecordPage<Team, EditModel.InputModel>(db, text, ui)
{
    public sealed class InputModel : SmallRecordInput
    {
        [Display(Name = "team.name"), Required, StringLength(Team.NameLength)] public string Name { get; set; } = "";
        [Display(Name = "team.leader"), LookUp("person")] public long? LeaderId { get; set; }
    }

    public string? LeaderName { get; private set; }

    protected override string ListPath => "/access/teams";
    protected override InputModel InputOf(Team team) => new() { Version = team.Version, Name = team.Name, LeaderId = team.LeaderId };
    protected override async Task LoadAsync(CancellationToken ct) => LeaderName = await Db.People.Where(p => p.Id == Input.LeaderId).Select(p => p.Name).FirstOrDefaultAsync(ct);
    /// <summary>A new leader sees what the team's people own.</summary>
    protected override bool IsKeptBack() => Input.LeaderId != Stored?.LeaderId && Input.LeaderId is not null && stepUp.KeepsFormBack(HttpContext);
    protected override async Task<Refusal?> SaveAsync(long? id, CancellationToken ct) => (await save.ExecuteAsync(new(id, Input.Version, Input.Name, Input.LeaderId), ct)).Refusal;
    protected override Task<Refusal?> RemoveAsync(long id, CancellationToken ct) => save.RemoveAsync(id, ct);
}
