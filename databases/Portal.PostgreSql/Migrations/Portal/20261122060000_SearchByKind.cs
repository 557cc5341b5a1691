using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Domain.Persistence;

namespace Portal.PostgreSql.Migrations.Portal;

/// <summary>The index over the grams knows of each line what kind of record it leads to.</summary>
[DbContext(typeof(PortalDbContext))]
[Migration("20261122060000_SearchByKind")]
public sealed class SearchByKind : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("DROP INDEX search_entries_grams;");
        migrationBuilder.Sql("""
            CREATE INDEX search_entries_grams ON search_entries USING gin (string_to_array("Grams" || ' __' || lower("Entity"), ' '));
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("DROP INDEX search_entries_grams;");
        migrationBuilder.Sql("""
            CREATE INDEX search_entries_grams ON search_entries USING gin (string_to_array("Grams", ' '));
            """);
    }
}
