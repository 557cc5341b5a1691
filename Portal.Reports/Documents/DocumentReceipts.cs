using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;

namespace Portal.Reports.Documents;

public sealed record ReceiptRow(string Title, string PersonName, string? CompanyName, int? Version, ReceiptKind Kind, DateTimeOffset At);

/// <summary>Who took or confirmed which document, and when.</summary>
public sealed class DocumentReceipts : Report<ReceiptRow>
{
    private static readonly Column<ReceiptRow> Title = Columns<ReceiptRow>.Text("document", r => r.Title, 40);

    public override string Name => "document-receipts";
    public override string Permission => Permissions.ViewDocuments;
    public override IReadOnlyList<ReportParameter> Parameters => [Receipts.Kind, Receipts.From, Receipts.Until, Receipts.Company, Receipts.Containing];

    public override IReadOnlyList<Column<ReceiptRow>> Columns { get; } =
    [
        Title,
        Columns<ReceiptRow>.Text("person", r => r.PersonName, 24),
        Columns<ReceiptRow>.Text("company", r => r.CompanyName, 28),
        Columns<ReceiptRow>.Whole("version", r => r.Version, 8),
        Columns<ReceiptRow>.Word<ReceiptKind>("receipt", r => r.Kind),
        Columns<ReceiptRow>.Instant("at", r => r.At),
    ];

    public override IReadOnlyList<Column<ReceiptRow>> Groups(ReportContext context) => [Title];

    public override Refusal? Check(ReportContext context) => Receipts.CheckPeriod(context);

    public override IAsyncEnumerable<ReceiptRow> RowsAsync(ReportContext context) =>
        (from receipt in Receipts.Asked(context)
         join document in context.Db.Documents on receipt.DocumentId equals document.Id
         join version in context.Db.DocumentVersions on receipt.VersionId equals version.Id into versions
         from version in versions.DefaultIfEmpty()
         join company in context.Db.Companies on receipt.CompanyId equals company.Id into companies
         from company in companies.DefaultIfEmpty()
         orderby document.Title, document.Id, receipt.Id
         select new ReceiptRow(document.Title, receipt.PersonName, company!.Name, version!.Number, receipt.Kind, receipt.At)).AsAsyncEnumerable();
}

/// <summary>A receipt of the asking partner's own people.</summary>
public sealed record ReceiptRowForPartner(string Title, string PersonName, ReceiptKind Kind, DateTimeOffset At);

/// <summary>What the asking partner's people took and confirmed, of the documents that it still sees.</summary>
public sealed class PartnerDocumentReceipts : Report<ReceiptRowForPartner>
{
    private static readonly Column<ReceiptRowForPartner> Title = Columns<ReceiptRowForPartner>.Text("document", r => r.Title, 40);

    public override string Name => "partner-document-receipts";
    public override string Permission => Permissions.PartnerDocuments;
    public override IReadOnlyList<ReportParameter> Parameters => [Receipts.Kind, Receipts.From, Receipts.Until, Receipts.Containing];

    public override IReadOnlyList<Column<ReceiptRowForPartner>> Columns { get; } =
    [
        Title,
        Columns<ReceiptRowForPartner>.Text("person", r => r.PersonName, 28),
        Columns<ReceiptRowForPartner>.Word<ReceiptKind>("receipt", r => r.Kind),
        Columns<ReceiptRowForPartner>.Instant("at", r => r.At),
    ];

    public override IReadOnlyList<Column<ReceiptRowForPartner>> Groups(ReportContext context) => [Title];

    public override Refusal? Check(ReportContext context) => Receipts.CheckPeriod(context);

    public override IAsyncEnumerable<ReceiptRowForPartner> RowsAsync(ReportContext context) =>
        (from receipt in Receipts.Asked(context)
         join document in context.Db.Documents on receipt.DocumentId equals document.Id
         orderby document.Title, document.Id, receipt.Id
         select new ReceiptRowForPartner(document.Title, receipt.PersonName, receipt.Kind, receipt.At)).AsAsyncEnumerable();
}

/// <summary>The questions that both reports ask.</summary>
internal static class Receipts
{
    public static readonly ChoiceParameter Kind = new() { Key = "receipt", Choices = ChoiceParameter.Of<ReceiptKind>() };
    public static readonly DateParameter From = new() { Key = "from" };
    public static readonly DateParameter Until = new() { Key = "until" };
    public static readonly CompanyParameter Company = new() { Key = "company" };
    public static readonly TextParameter Containing = new() { Key = "containing" };

    public static IQueryable<DocumentReceipt> Asked(ReportContext context)
    {
        IQueryable<DocumentReceipt> receipts = context.Db.DocumentReceipts;
        if (ChoiceParameter.Chosen<ReceiptKind>(context.Get(Kind)) is { } kind) { receipts = receipts.Where(r => r.Kind == kind); }
        if (context.Get(From) is { } from)
        {
            var start = context.StartOf(from);
            receipts = receipts.Where(r => r.At >= start);
        }
        if (context.Get(Until) is { } until)
        {
            var end = context.StartOf(until.AddDays(1));
            receipts = receipts.Where(r => r.At < end);
        }
        if (context.Get(Company) is { } company) { receipts = receipts.Where(r => r.CompanyId == company); }
        if (context.Get(Containing) is { } words)
        {
            var documents = context.Db.Documents.Matching(context.Db, words).Select(d => d.Id);
            receipts = receipts.Where(r => documents.Contains(r.DocumentId));
        }
        return receipts;
    }

    public static Refusal? CheckPeriod(ReportContext context) => ReportRefusals.Reversed(context, From, Until);
}
