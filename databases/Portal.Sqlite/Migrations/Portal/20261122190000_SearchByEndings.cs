using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Domain.Persistence;

namespace Portal.Sqlite.Migrations.Portal;

/// <summary>The full-text index holds the endings of words, each with the mark of its kind of record: a part of a word is found by the index alone.</summary>
[DbContext(typeof(PortalDbContext))]
[Migration("20261122190000_SearchByEndings")]
public sealed class SearchByEndings : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var what in (string[])["insert", "delete", "update"]) { migrationBuilder.Sql($"DROP TRIGGER search_entries_{what};"); }
        migrationBuilder.Sql("DROP TABLE search_index;");
        migrationBuilder.Sql("DROP VIEW search_lines;");
        migrationBuilder.Sql($"""UPDATE search_entries SET "Grams" = {SqliteSetup.TermsFunction}("Entity", "Text");""");
        migrationBuilder.Sql("""
            CREATE VIRTUAL TABLE search_index USING fts5("Grams", content='search_entries', content_rowid='Id', detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0 tokenchars '_'");
            """);
        migrationBuilder.Sql("INSERT INTO search_index(search_index) VALUES ('rebuild');");
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
}
