using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Domain.Persistence;

namespace Portal.Sqlite.Migrations.Portal;

/// <summary>Keeps the totals of opportunities in the transaction of every write.</summary>
[DbContext(typeof(PortalDbContext))]
[Migration("20261122000002_OpportunityTotals")]
public sealed class OpportunityTotals : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql($"CREATE TRIGGER opportunity_totals_insert AFTER INSERT ON opportunities BEGIN {Add("new", "1", "new.\"Amount\"")} END;");
        migrationBuilder.Sql($"CREATE TRIGGER opportunity_totals_delete AFTER DELETE ON opportunities BEGIN {Add("old", "-1", "-old.\"Amount\"")} END;");
        migrationBuilder.Sql($"""
            CREATE TRIGGER opportunity_totals_update AFTER UPDATE OF "StageId", "Currency", "Amount", "PartnerId", "OwnerId", "TerritoryId" ON opportunities
            WHEN old."StageId" <> new."StageId" OR old."Currency" <> new."Currency" OR old."Amount" <> new."Amount"
              OR old."PartnerId" IS NOT new."PartnerId" OR old."OwnerId" IS NOT new."OwnerId" OR old."TerritoryId" IS NOT new."TerritoryId"
            BEGIN {Add("old", "-1", "-old.\"Amount\"")} {Add("new", "1", "new.\"Amount\"")} END;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var what in (string[])["insert", "delete", "update"]) { migrationBuilder.Sql($"DROP TRIGGER opportunity_totals_{what};"); }
    }

    private static string Add(string row, string count, string amount) => $"""
        INSERT INTO opportunity_totals ("Dimension", "KeyId", "TerritoryId", "StageId", "Currency", "Count", "Amount")
        SELECT 'House', 0, 0, {row}."StageId", {row}."Currency", {count}, {amount}
        UNION ALL SELECT 'Partner', {row}."PartnerId", 0, {row}."StageId", {row}."Currency", {count}, {amount} WHERE {row}."PartnerId" IS NOT NULL
        UNION ALL SELECT 'Owner', coalesce({row}."OwnerId", 0), coalesce({row}."TerritoryId", 0), {row}."StageId", {row}."Currency", {count}, {amount} WHERE true
        ON CONFLICT DO UPDATE SET "Count" = "Count" + excluded."Count", "Amount" = "Amount" + excluded."Amount";
        """;
}
