using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.PostgreSql.Migrations.Identity
{
    /// <inheritdoc />
    public partial class DomainsProvedByRecord : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "MissingSince",
                table: "identity_federated_domains",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Proof",
                table: "identity_federated_domains",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "Statement"); // What was there was stated by somebody.

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "SeenAt",
                table: "identity_federated_domains",
                type: "timestamp with time zone",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "MissingSince",
                table: "identity_federated_domains");

            migrationBuilder.DropColumn(
                name: "Proof",
                table: "identity_federated_domains");

            migrationBuilder.DropColumn(
                name: "SeenAt",
                table: "identity_federated_domains");
        }
    }
}
