using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Sqlite.Migrations.Identity
{
    /// <inheritdoc />
    public partial class LifeOfAnAccount : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Address",
                table: "identity_sessions",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Device",
                table: "identity_sessions",
                type: "TEXT",
                maxLength: 60,
                nullable: false,
                defaultValue: "?");

            migrationBuilder.AddColumn<int>(
                name: "Generation",
                table: "identity_sessions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Methods",
                table: "identity_sessions",
                type: "TEXT",
                maxLength: 60,
                nullable: false,
                defaultValue: "pwd");

            migrationBuilder.AddColumn<long>(
                name: "ProvenAt",
                table: "identity_sessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Device",
                table: "identity_events",
                type: "TEXT",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Network",
                table: "identity_events",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AuthenticatorSecret",
                table: "identity_accounts",
                type: "TEXT",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "AuthenticatorStep",
                table: "identity_accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "PasswordChangedAt",
                table: "identity_accounts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "identity_host_sessions",
                columns: table => new
                {
                    KeyHash = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    Issuer = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    ProviderSession = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    Methods = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    AuthenticatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    BegunAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    End = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Device = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    ViewingPerson = table.Column<long>(type: "INTEGER", nullable: true),
                    ViewingUntil = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_host_sessions", x => x.KeyHash);
                });

            migrationBuilder.CreateTable(
                name: "identity_known_browsers",
                columns: table => new
                {
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    MarkHash = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    Device = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    FirstSeenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastSeenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Failures = table.Column<int>(type: "INTEGER", nullable: false),
                    PausedUntil = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_known_browsers", x => new { x.AccountId, x.MarkHash });
                    table.ForeignKey(
                        name: "FK_identity_known_browsers_identity_accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "identity_accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "identity_links",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Purpose = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    SecurityStamp = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SpentAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_links", x => x.Hash);
                    table.ForeignKey(
                        name: "FK_identity_links_identity_accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "identity_accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "identity_outbox",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Payload = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastError = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_outbox", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "identity_recovery_codes",
                columns: table => new
                {
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_recovery_codes", x => new { x.AccountId, x.Hash });
                    table.ForeignKey(
                        name: "FK_identity_recovery_codes_identity_accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "identity_accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_identity_events_Network_At",
                table: "identity_events",
                columns: new[] { "Network", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_identity_host_sessions_BegunAt",
                table: "identity_host_sessions",
                column: "BegunAt");

            migrationBuilder.CreateIndex(
                name: "IX_identity_host_sessions_Issuer_Subject",
                table: "identity_host_sessions",
                columns: new[] { "Issuer", "Subject" });

            migrationBuilder.CreateIndex(
                name: "IX_identity_host_sessions_ProviderSession",
                table: "identity_host_sessions",
                column: "ProviderSession");

            migrationBuilder.CreateIndex(
                name: "IX_identity_known_browsers_LastSeenAt",
                table: "identity_known_browsers",
                column: "LastSeenAt");

            migrationBuilder.CreateIndex(
                name: "IX_identity_links_AccountId_Purpose",
                table: "identity_links",
                columns: new[] { "AccountId", "Purpose" });

            migrationBuilder.CreateIndex(
                name: "IX_identity_links_ExpiresAt",
                table: "identity_links",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_identity_outbox_At",
                table: "identity_outbox",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_identity_outbox_State_NextAttemptAt",
                table: "identity_outbox",
                columns: new[] { "State", "NextAttemptAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "identity_host_sessions");

            migrationBuilder.DropTable(
                name: "identity_known_browsers");

            migrationBuilder.DropTable(
                name: "identity_links");

            migrationBuilder.DropTable(
                name: "identity_outbox");

            migrationBuilder.DropTable(
                name: "identity_recovery_codes");

            migrationBuilder.DropIndex(
                name: "IX_identity_events_Network_At",
                table: "identity_events");

            migrationBuilder.DropColumn(
                name: "Address",
                table: "identity_sessions");

            migrationBuilder.DropColumn(
                name: "Device",
                table: "identity_sessions");

            migrationBuilder.DropColumn(
                name: "Generation",
                table: "identity_sessions");

            migrationBuilder.DropColumn(
                name: "Methods",
                table: "identity_sessions");

            migrationBuilder.DropColumn(
                name: "ProvenAt",
                table: "identity_sessions");

            migrationBuilder.DropColumn(
                name: "Device",
                table: "identity_events");

            migrationBuilder.DropColumn(
                name: "Network",
                table: "identity_events");

            migrationBuilder.DropColumn(
                name: "AuthenticatorSecret",
                table: "identity_accounts");

            migrationBuilder.DropColumn(
                name: "AuthenticatorStep",
                table: "identity_accounts");

            migrationBuilder.DropColumn(
                name: "PasswordChangedAt",
                table: "identity_accounts");
        }
    }
}
