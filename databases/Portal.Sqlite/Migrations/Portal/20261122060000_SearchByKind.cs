using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Domain.Persistence;

namespace Portal.Sqlite.Migrations.Portal;

/// <summary>The full-text index knows of each line what kind of record it leads to: a search for companies no longer reads the lines of every other record with the word.</summary>
[DbContext(typeof(PortalDbContext))]
[Migration("20261122060000_SearchByKind")]
public sealed class SearchByKind : Migration
{
    private const string New = """
        new."Grams" || ' __' || lower(new."Entity")
        """;

    private const string Old = """
        old."Grams" || ' __' || lower(old."Entity")
        """;

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var what in (string[])["insert", "delete", "update"]) { migrationBuilder.Sql($"DROP TRIGGER search_entries_{what};"); }
        migrationBuilder.Sql("DROP TABLE search_index;");
        migrationBuilder.Sql("""
            CREATE VIEW search_lines AS SELECT "Id", "Grams" || ' __' || lower("Entity") AS "Grams" FROM search_entries;
            """);
        Fill(migrationBuilder, "search_lines", New, Old);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var what in (string[])["insert", "delete", "update"]) { migrationBuilder.Sql($"DROP TRIGGER search_entries_{what};"); }
        migrationBuilder.Sql("DROP TABLE search_index;");
        migrationBuilder.Sql("DROP VIEW search_lines;");
        Fill(migrationBuilder, "search_entries", "new.\"Grams\"", "old.\"Grams\"");
    }

    private static void Fill(MigrationBuilder migrationBuilder, string content, string @new, string old)
    {
        migrationBuilder.Sql($"""
            CREATE VIRTUAL TABLE search_index USING fts5("Grams", content='{content}', content_rowid='Id', detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0 tokenchars '_'");
            """);
        migrationBuilder.Sql("INSERT INTO search_index(search_index) VALUES ('rebuild');");
        migrationBuilder.Sql($"""
            CREATE TRIGGER search_entries_insert AFTER INSERT ON search_entries BEGIN
              INSERT INTO search_index(rowid, "Grams") VALUES (new."Id", {@new});
            END;
            """);
        migrationBuilder.Sql($"""
            CREATE TRIGGER search_entries_delete AFTER DELETE ON search_entries BEGIN
              INSERT INTO search_index(search_index, rowid, "Grams") VALUES ('delete', old."Id", {old});
            END;
            """);
        migrationBuilder.Sql($"""
            CREATE TRIGGER search_entries_update AFTER UPDATE ON search_entries BEGIN
              INSERT INTO search_index(search_index, rowid, "Grams") VALUES ('delete', old."Id", {old});
              INSERT INTO search_index(rowid, "Grams") VALUES (new."Id", {@new});
            END;
            """);
    }
}
