using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Sqlite.Migrations.Portal
{
    /// <inheritdoc />
    public partial class KeepRightsInStep : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "access_marks",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_marks", x => x.Id);
                });

            migrationBuilder.InsertData(
                table: "access_marks",
                columns: new[] { "Id", "Number" },
                values: new object[] { 1, 0L });

            migrationBuilder.CreateIndex(
                name: "IX_people_Name_Id",
                table: "people",
                columns: new[] { "Name", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_marks");

            migrationBuilder.DropIndex(
                name: "IX_people_Name_Id",
                table: "people");
        }
    }
}
