using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Sqlite.Migrations.Identity
{
    /// <inheritdoc />
    public partial class CompaniesOwnProviders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "FederatedProviderId",
                table: "identity_sessions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FederatedSession",
                table: "identity_sessions",
                type: "TEXT",
                maxLength: 255,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "identity_federated_providers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Owner = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Issuer = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    SealedSecret = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    Scope = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    Enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    Admits = table.Column<bool>(type: "INTEGER", nullable: false),
                    Forced = table.Column<bool>(type: "INTEGER", nullable: false),
                    VouchesForEmails = table.Column<bool>(type: "INTEGER", nullable: false),
                    FunctionsClaim = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    EmergencyAccountId = table.Column<Guid>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastLogInAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_federated_providers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_identity_federated_providers_identity_accounts_EmergencyAccountId",
                        column: x => x.EmergencyAccountId,
                        principalTable: "identity_accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "identity_federation_attempts",
                columns: table => new
                {
                    StateHash = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    ProviderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BrowserHash = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    SealedContent = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_federation_attempts", x => x.StateHash);
                });

            migrationBuilder.CreateTable(
                name: "identity_federated_domains",
                columns: table => new
                {
                    Domain = table.Column<string>(type: "TEXT", maxLength: 253, nullable: false),
                    ProviderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ConfirmedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ConfirmedBy = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    Evidence = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_federated_domains", x => x.Domain);
                    table.ForeignKey(
                        name: "FK_identity_federated_domains_identity_federated_providers_ProviderId",
                        column: x => x.ProviderId,
                        principalTable: "identity_federated_providers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "identity_federated_functions",
                columns: table => new
                {
                    ProviderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Value = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Function = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_federated_functions", x => new { x.ProviderId, x.Value, x.Function });
                    table.ForeignKey(
                        name: "FK_identity_federated_functions_identity_federated_providers_ProviderId",
                        column: x => x.ProviderId,
                        principalTable: "identity_federated_providers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "identity_federated_links",
                columns: table => new
                {
                    ProviderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MadeAccount = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_federated_links", x => new { x.ProviderId, x.Subject });
                    table.ForeignKey(
                        name: "FK_identity_federated_links_identity_accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "identity_accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_identity_federated_links_identity_federated_providers_ProviderId",
                        column: x => x.ProviderId,
                        principalTable: "identity_federated_providers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_identity_sessions_FederatedProviderId",
                table: "identity_sessions",
                column: "FederatedProviderId",
                filter: "\"FederatedProviderId\" IS NOT NULL AND \"EndedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_identity_federated_domains_ProviderId",
                table: "identity_federated_domains",
                column: "ProviderId");

            migrationBuilder.CreateIndex(
                name: "IX_identity_federated_links_AccountId_ProviderId",
                table: "identity_federated_links",
                columns: new[] { "AccountId", "ProviderId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_identity_federated_providers_EmergencyAccountId",
                table: "identity_federated_providers",
                column: "EmergencyAccountId");

            migrationBuilder.CreateIndex(
                name: "IX_identity_federated_providers_Owner",
                table: "identity_federated_providers",
                column: "Owner");

            migrationBuilder.CreateIndex(
                name: "IX_identity_federation_attempts_ExpiresAt",
                table: "identity_federation_attempts",
                column: "ExpiresAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "identity_federated_domains");

            migrationBuilder.DropTable(
                name: "identity_federated_functions");

            migrationBuilder.DropTable(
                name: "identity_federated_links");

            migrationBuilder.DropTable(
                name: "identity_federation_attempts");

            migrationBuilder.DropTable(
                name: "identity_federated_providers");

            migrationBuilder.DropIndex(
                name: "IX_identity_sessions_FederatedProviderId",
                table: "identity_sessions");

            migrationBuilder.DropColumn(
                name: "FederatedProviderId",
                table: "identity_sessions");

            migrationBuilder.DropColumn(
                name: "FederatedSession",
                table: "identity_sessions");
        }
    }
}
