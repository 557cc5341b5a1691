using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Sqlite.Migrations.Identity
{
    /// <inheritdoc />
    public partial class RenewalOfSessions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "GoodUntil",
                table: "identity_host_sessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "RenewAt",
                table: "identity_host_sessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SealedRenewal",
                table: "identity_host_sessions",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "GoodUntil",
                table: "identity_host_sessions");

            migrationBuilder.DropColumn(
                name: "RenewAt",
                table: "identity_host_sessions");

            migrationBuilder.DropColumn(
                name: "SealedRenewal",
                table: "identity_host_sessions");
        }
    }
}
