using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Sqlite.Migrations.Identity
{
    /// <inheritdoc />
    public partial class ProviderGrows : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // No data is carried over: every client so far comes from the settings, which state its secrets and grants anew at the next start.
            // By hand, because the provider would build the whole table anew, which it cannot do within the transaction.
            migrationBuilder.Sql("""ALTER TABLE "identity_clients" DROP COLUMN "SecretHashes";""");

            migrationBuilder.AddColumn<string>(
                name: "GrantTypes",
                table: "identity_clients",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<long>(
                name: "RevokedAt",
                table: "identity_signing_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ClientsToldAt",
                table: "identity_sessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "AuthenticatedAt",
                table: "identity_grants",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SecurityStamp",
                table: "identity_grants",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "AsksConsent",
                table: "identity_clients",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "CorsOrigins",
                table: "identity_clients",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<long>(
                name: "CreatedAt",
                table: "identity_clients",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "FromSettings",
                table: "identity_clients",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "IntrospectedAudience",
                table: "identity_clients",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "LogoutUri",
                table: "identity_clients",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PublicKeys",
                table: "identity_clients",
                type: "TEXT",
                maxLength: 20000,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "PushesRequests",
                table: "identity_clients",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "identity_client_secrets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_client_secrets", x => x.Id);
                    table.ForeignKey(
                        name: "FK_identity_client_secrets_identity_clients_ClientId",
                        column: x => x.ClientId,
                        principalTable: "identity_clients",
                        principalColumn: "ClientId",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "identity_consents",
                columns: table => new
                {
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Scope = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    GivenAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_consents", x => new { x.AccountId, x.ClientId });
                    table.ForeignKey(
                        name: "FK_identity_consents_identity_accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "identity_accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_identity_consents_identity_clients_ClientId",
                        column: x => x.ClientId,
                        principalTable: "identity_clients",
                        principalColumn: "ClientId",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "identity_logout_deliveries",
                columns: table => new
                {
                    SessionId = table.Column<string>(type: "TEXT", maxLength: 22, nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    NextTryAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    DeliveredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    GivenUpAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastFault = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_logout_deliveries", x => new { x.SessionId, x.ClientId });
                });

            migrationBuilder.CreateTable(
                name: "identity_pushed_requests",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Parameters = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_pushed_requests", x => x.Hash);
                });

            migrationBuilder.CreateTable(
                name: "identity_refresh_tokens",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    GrantId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ConsumedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    SealedSuccessor = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    SuccessorHash = table.Column<string>(type: "TEXT", maxLength: 43, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_refresh_tokens", x => x.Hash);
                    table.ForeignKey(
                        name: "FK_identity_refresh_tokens_identity_grants_GrantId",
                        column: x => x.GrantId,
                        principalTable: "identity_grants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "identity_resources",
                columns: table => new
                {
                    Audience = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    FromSettings = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_resources", x => x.Audience);
                });

            migrationBuilder.CreateTable(
                name: "identity_revoked_tokens",
                columns: table => new
                {
                    TokenId = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_revoked_tokens", x => x.TokenId);
                });

            migrationBuilder.CreateTable(
                name: "identity_used_assertions",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_used_assertions", x => x.Hash);
                });

            migrationBuilder.CreateTable(
                name: "identity_scopes",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Audience = table.Column<string>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    TitleZh = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_scopes", x => x.Name);
                    table.ForeignKey(
                        name: "FK_identity_scopes_identity_resources_Audience",
                        column: x => x.Audience,
                        principalTable: "identity_resources",
                        principalColumn: "Audience",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_identity_sessions_EndedAt",
                table: "identity_sessions",
                column: "EndedAt",
                filter: "\"ClientsToldAt\" IS NULL AND \"EndedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_identity_sessions_LastUsedAt",
                table: "identity_sessions",
                column: "LastUsedAt",
                filter: "\"ClientsToldAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_identity_client_secrets_ClientId",
                table: "identity_client_secrets",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_identity_consents_ClientId",
                table: "identity_consents",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_identity_logout_deliveries_NextTryAt",
                table: "identity_logout_deliveries",
                column: "NextTryAt",
                filter: "\"DeliveredAt\" IS NULL AND \"GivenUpAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_identity_pushed_requests_ExpiresAt",
                table: "identity_pushed_requests",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_identity_refresh_tokens_GrantId",
                table: "identity_refresh_tokens",
                column: "GrantId");

            migrationBuilder.CreateIndex(
                name: "IX_identity_revoked_tokens_ExpiresAt",
                table: "identity_revoked_tokens",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_identity_scopes_Audience",
                table: "identity_scopes",
                column: "Audience");

            migrationBuilder.CreateIndex(
                name: "IX_identity_used_assertions_ExpiresAt",
                table: "identity_used_assertions",
                column: "ExpiresAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "identity_client_secrets");

            migrationBuilder.DropTable(
                name: "identity_consents");

            migrationBuilder.DropTable(
                name: "identity_logout_deliveries");

            migrationBuilder.DropTable(
                name: "identity_pushed_requests");

            migrationBuilder.DropTable(
                name: "identity_refresh_tokens");

            migrationBuilder.DropTable(
                name: "identity_revoked_tokens");

            migrationBuilder.DropTable(
                name: "identity_scopes");

            migrationBuilder.DropTable(
                name: "identity_used_assertions");

            migrationBuilder.DropTable(
                name: "identity_resources");

            migrationBuilder.DropIndex(
                name: "IX_identity_sessions_EndedAt",
                table: "identity_sessions");

            migrationBuilder.DropIndex(
                name: "IX_identity_sessions_LastUsedAt",
                table: "identity_sessions");

            migrationBuilder.DropColumn(
                name: "RevokedAt",
                table: "identity_signing_keys");

            migrationBuilder.DropColumn(
                name: "ClientsToldAt",
                table: "identity_sessions");

            migrationBuilder.DropColumn(
                name: "AuthenticatedAt",
                table: "identity_grants");

            migrationBuilder.DropColumn(
                name: "SecurityStamp",
                table: "identity_grants");

            migrationBuilder.DropColumn(
                name: "AsksConsent",
                table: "identity_clients");

            migrationBuilder.DropColumn(
                name: "CorsOrigins",
                table: "identity_clients");

            migrationBuilder.DropColumn(
                name: "CreatedAt",
                table: "identity_clients");

            migrationBuilder.DropColumn(
                name: "FromSettings",
                table: "identity_clients");

            migrationBuilder.DropColumn(
                name: "IntrospectedAudience",
                table: "identity_clients");

            migrationBuilder.DropColumn(
                name: "LogoutUri",
                table: "identity_clients");

            migrationBuilder.DropColumn(
                name: "PublicKeys",
                table: "identity_clients");

            migrationBuilder.DropColumn(
                name: "PushesRequests",
                table: "identity_clients");

            migrationBuilder.DropColumn(
                name: "GrantTypes",
                table: "identity_clients");

            migrationBuilder.AddColumn<string>(
                name: "SecretHashes",
                table: "identity_clients",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");
        }
    }
}
