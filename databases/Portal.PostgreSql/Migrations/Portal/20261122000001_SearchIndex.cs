using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Domain.Persistence;

namespace Portal.PostgreSql.Migrations.Portal;

/// <summary>The index over the grams of the search entries.</summary>
[DbContext(typeof(PortalDbContext))]
[Migration("20261122000001_SearchIndex")]
public sealed class SearchIndex : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE INDEX search_entries_grams ON search_entries USING gin (string_to_array("Grams", ' '));
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP INDEX search_entries_grams;");
}
