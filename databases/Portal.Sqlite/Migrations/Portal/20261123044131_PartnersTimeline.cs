using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Sqlite.Migrations.Portal
{
    /// <inheritdoc />
    public partial class PartnersTimeline : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // In one statement: to add the key by itself, SQLite would have to write the whole table anew.
            migrationBuilder.Sql("""
                ALTER TABLE timeline_entries ADD COLUMN "PartnerId" INTEGER NULL CONSTRAINT "FK_timeline_entries_companies_PartnerId" REFERENCES companies ("Id") ON DELETE RESTRICT;
                """);

            // What tells of an opportunity already, tells the partner's story too.
            migrationBuilder.Sql("""
                UPDATE timeline_entries SET "PartnerId" = o."PartnerId" FROM opportunities AS o
                WHERE o."Id" = timeline_entries."RecordId" AND timeline_entries."RecordClass" = 'Opportunity' AND o."PartnerId" <> timeline_entries."CompanyId";
                """);

            migrationBuilder.CreateIndex(
                name: "IX_timeline_entries_PartnerId_Id",
                table: "timeline_entries",
                columns: new[] { "PartnerId", "Id" },
                filter: "\"PartnerId\" IS NOT NULL");
        }
    }
}
