using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.PostgreSql.Migrations.Portal
{
    /// <inheritdoc />
    public partial class PartnersTimeline : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "PartnerId",
                table: "timeline_entries",
                type: "bigint",
                nullable: true);

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

            migrationBuilder.AddForeignKey(
                name: "FK_timeline_entries_companies_PartnerId",
                table: "timeline_entries",
                column: "PartnerId",
                principalTable: "companies",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);
        }
    }
}
