using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Domain.Persistence;

namespace Portal.PostgreSql.Migrations.Portal;

/// <summary>
/// Changes nothing by itself: that it is pending makes a house of before run <c>migrate</c>, after which <see cref="PostgreSql.SecondWall"/> is raised, as after every migration.
/// </summary>
[DbContext(typeof(PortalDbContext))]
[Migration("20261122120000_SecondWall")]
public sealed class SecondWallStands : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) { }
}
