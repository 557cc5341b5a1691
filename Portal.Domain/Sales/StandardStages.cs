using Portal.Domain.Common;

namespace Portal.Domain.Sales;

/// <summary>The pipeline that a new house starts with; names, chances and order are the house's to change afterwards.</summary>
public static class StandardStages
{
    public const string Lead = "lead";
    public const string Qualified = "qualified";
    public const string Opportunity = "opportunity";
    public const string Proposal = "proposal";
    public const string Negotiation = "negotiation";
    public const string Won = "won";
    public const string Lost = "lost";
    public const string Cancelled = "cancelled";

    public static IEnumerable<SalesStage> Make(IdSource ids) =>
    [
        Stage(ids, 1, Lead, "Lead", "线索", 10, StageKind.Open),
        Stage(ids, 2, Qualified, "Qualified", "已确认", 20, StageKind.Open),
        Stage(ids, 3, Opportunity, "Opportunity", "商机", 40, StageKind.Open),
        Stage(ids, 4, Proposal, "Proposal", "方案报价", 60, StageKind.Open),
        Stage(ids, 5, Negotiation, "Negotiation", "商务谈判", 80, StageKind.Open),
        Stage(ids, 6, Won, "Won", "赢单", 100, StageKind.Won),
        Stage(ids, 7, Lost, "Lost", "输单", 0, StageKind.Lost),
        Stage(ids, 8, Cancelled, "Cancelled", "已取消", 0, StageKind.Lost),
    ];

    private static SalesStage Stage(IdSource ids, int position, string code, string name, string nameZh, int probability, StageKind kind) =>
        new() { Id = ids.Next(), Position = position, Code = code, Name = name, NameZh = nameZh, Probability = probability, Kind = kind };
}
