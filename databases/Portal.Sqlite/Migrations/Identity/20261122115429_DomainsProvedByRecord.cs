using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Sqlite.Migrations.Identity
{
    /// <inheritdoc />
    public partial class DomainsProvedByRecord : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "MissingSince",
                table: "identity_federated_domains",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Proof",
                table: "identity_federated_domains",
                type: "TEXT",
                maxLength: 40,
                nullable: false,
                defaultValue: "Statement"); // What was there was stated by somebody.

            migrationBuilder.AddColumn<long>(
                name: "SeenAt",
                table: "identity_federated_domains",
                type: "INTEGER",
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
