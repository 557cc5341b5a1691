using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.PostgreSql.Migrations.Identity
{
    /// <inheritdoc />
    public partial class RenewalOfSessions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "GoodUntil",
                table: "identity_host_sessions",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "RenewAt",
                table: "identity_host_sessions",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SealedRenewal",
                table: "identity_host_sessions",
                type: "text",
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
