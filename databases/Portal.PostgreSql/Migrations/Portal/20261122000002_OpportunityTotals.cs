using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Domain.Persistence;

namespace Portal.PostgreSql.Migrations.Portal;

/// <summary>
/// Keeps the totals of opportunities in the transaction of every write. Writers take one lock before any row, so that two of them never wait for each other's
/// totals in a circle.
/// </summary>
[DbContext(typeof(PortalDbContext))]
[Migration("20261122000002_OpportunityTotals")]
public sealed class OpportunityTotals : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            CREATE FUNCTION opportunity_totals_turn() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              PERFORM pg_advisory_xact_lock(hashtext('opportunity_totals'));
              RETURN NULL;
            END $$;
            """);
        migrationBuilder.Sql("""
            CREATE TRIGGER opportunity_totals_turn BEFORE INSERT OR DELETE OR UPDATE OF "StageId", "Currency", "Amount", "PartnerId", "OwnerId", "TerritoryId" ON opportunities
            FOR EACH STATEMENT EXECUTE FUNCTION opportunity_totals_turn();
            """);
        Keep(migrationBuilder, "insert", "NEW TABLE AS came", Rows("came", 1));
        Keep(migrationBuilder, "delete", "OLD TABLE AS went", Rows("went", -1));
        Keep(migrationBuilder, "update", "OLD TABLE AS went NEW TABLE AS came", $"{Rows("went", -1)} UNION ALL {Rows("came", 1)}");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var what in (string[])["turn", "insert", "delete", "update"])
        {
            migrationBuilder.Sql($"DROP TRIGGER opportunity_totals_{what} ON opportunities; DROP FUNCTION opportunity_totals_{what}();");
        }
    }

    private static void Keep(MigrationBuilder migrationBuilder, string what, string tables, string rows)
    {
        migrationBuilder.Sql($"""
            CREATE FUNCTION opportunity_totals_{what}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO opportunity_totals ("Dimension", "KeyId", "TerritoryId", "StageId", "Currency", "Count", "Amount")
              SELECT d, k, t, s, c, sum(n), sum(a) FROM ({rows}) AS moved(d, k, t, s, c, n, a)
              GROUP BY d, k, t, s, c HAVING sum(n) <> 0 OR sum(a) <> 0
              ON CONFLICT ("Dimension", "KeyId", "TerritoryId", "StageId", "Currency")
              DO UPDATE SET "Count" = opportunity_totals."Count" + excluded."Count", "Amount" = opportunity_totals."Amount" + excluded."Amount";
              RETURN NULL;
            END $$;
            """);
        migrationBuilder.Sql($"""
            CREATE TRIGGER opportunity_totals_{what} AFTER {what.ToUpperInvariant()} ON opportunities REFERENCING {tables}
            FOR EACH STATEMENT EXECUTE FUNCTION opportunity_totals_{what}();
            """);
    }

    private static string Rows(string table, int sign) => $"""
        SELECT 'House', 0::bigint, 0::bigint, "StageId", "Currency", {sign}, {sign} * "Amount" FROM {table}
        UNION ALL SELECT 'Partner', "PartnerId", 0, "StageId", "Currency", {sign}, {sign} * "Amount" FROM {table} WHERE "PartnerId" IS NOT NULL
        UNION ALL SELECT 'Owner', coalesce("OwnerId", 0), coalesce("TerritoryId", 0), "StageId", "Currency", {sign}, {sign} * "Amount" FROM {table}
        """;
}
