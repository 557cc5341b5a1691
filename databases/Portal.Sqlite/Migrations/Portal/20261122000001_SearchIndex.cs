using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Domain.Persistence;

namespace Portal.Sqlite.Migrations.Portal;

/// <summary>The full-text index over the grams of the search entries, kept by triggers.</summary>
[DbContext(typeof(PortalDbContext))]
[Migration("20261122000001_SearchIndex")]
public sealed class SearchIndex : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            CREATE VIRTUAL TABLE search_index USING fts5("Grams", content='search_entries', content_rowid='Id', detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0 tokenchars '_'");
            """);
        migrationBuilder.Sql("""
            CREATE TRIGGER search_entries_insert AFTER INSERT ON search_entries BEGIN
              INSERT INTO search_index(rowid, "Grams") VALUES (new."Id", new."Grams");
            END;
            """);
        migrationBuilder.Sql("""
            CREATE TRIGGER search_entries_delete AFTER DELETE ON search_entries BEGIN
              INSERT INTO search_index(search_index, rowid, "Grams") VALUES ('delete', old."Id", old."Grams");
            END;
            """);
        migrationBuilder.Sql("""
            CREATE TRIGGER search_entries_update AFTER UPDATE ON search_entries BEGIN
              INSERT INTO search_index(search_index, rowid, "Grams") VALUES ('delete', old."Id", old."Grams");
              INSERT INTO search_index(rowid, "Grams") VALUES (new."Id", new."Grams");
            END;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE search_index;");
}
