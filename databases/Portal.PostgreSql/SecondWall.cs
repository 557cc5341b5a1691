#pragma warning disable RS0030 // Roles, policies and the catalog have no form in LINQ; no rows of records are read here.
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Portal.PostgreSql;

/// <param name="Gate">Between the database's user and the two: it inherits nothing, so that the user may take them and has nothing of them before it does.</param>
internal sealed record WallRoles(string House, string Partner, string Gate)
{
    /// <summary>The statement that makes the rest of the transaction the house's.</summary>
    public string ToHouse { get; } = $"{AskerToServer.Start}, '{House.Replace("'", "''", StringComparison.Ordinal)}', true){AskerToServer.End}";

    /// <summary>The beginning of the statement that makes it a partner's.</summary>
    public string ToPartner { get; } = $"{AskerToServer.Start}, '{Partner.Replace("'", "''", StringComparison.Ordinal)}', true), "
        + string.Join(", ", ((string[])["company", "person", "keys", "rules", "now"]).Select(name => $"set_config('portal.{name}', @asker_{name}::text, true)"));
}

/// <summary>
/// Row-level security behind the query filters: docs/decisions/row-level-security.md. Two roles without log-in, named after the owner of the tables: whoever asks for the house
/// takes the one, which sees every row, whoever asks for a partner the other, which sees what belongs, is granted or is shared to the company in the settings <c>portal.*</c>. The owner
/// itself sees nothing without saying so.
/// </summary>
internal sealed class SecondWall
{
    public const string MigrationsTable = "portal_migrations";

    /// <summary>Setting and value with which the owner sees rows: for migrations and backups.</summary>
    public const string OwnerMark = "portal.asker", OwnerMarked = "house";

    private const string Company = "(SELECT NULLIF(current_setting('portal.company', true), '')::bigint)";
    private const string Person = "(SELECT NULLIF(current_setting('portal.person', true), '')::bigint)";
    private const string Keys = "((SELECT NULLIF(current_setting('portal.keys', true), '')::text[])::text[])";
    private const string Now = "(SELECT NULLIF(current_setting('portal.now', true), '')::timestamptz)";

    /// <summary>Only what a partner's person may do by its own; nothing for a table that is not named.</summary>
    private static readonly (string Table, (string For, string Rule)[] Policies)[] Partner =
    [
        ("companies", [Read($"\"Id\" = {Company} OR \"PartnerId\" = {Company} AND {Granted("Company:RegisteredOn")} OR {Shared("Company")}")]),
        ("sites", [Read($"\"CompanyId\" = {Company}")]),
        ("contacts", [Read($"\"CompanyId\" = {Company}")]),
        ("people", [All($"\"CompanyId\" = {Company}")]),
        ("person_functions", [All("EXISTS (SELECT FROM people AS p WHERE p.\"Id\" = \"PersonId\")")]),
        ("shares", [Read($"\"Key\" = ANY ({Keys})")]),
        ("support_views", [Read($"\"CompanyId\" = {Company}")]),
        ("saved_views", [All($"\"PersonId\" = {Person}")]),
        ("bulk_changes", [All($"\"PersonId\" = {Person}")]),
        ("jobs", [All($"\"PersonId\" = {Person}")]),
        ("idempotency_keys", [All($"\"PersonId\" = {Person}")]),
        ("audit_entries", [Add($"\"PersonId\" = {Person}")]),
        ("timeline_entries", [Add($"""
            "PersonId" = {Person} AND EXISTS (SELECT FROM opportunities AS o WHERE o."Id" = "RecordId" AND (timeline_entries."PartnerId" IS NULL OR timeline_entries."PartnerId" = o."PartnerId"))
            """)]),
        ("comments", [All("NOT \"Internal\" AND \"RecordClass\" = 'Opportunity' AND EXISTS (SELECT FROM opportunities AS o WHERE o.\"Id\" = \"RecordId\")")]),
        ("sales_stages", [Read("true")]),
        ("product_categories", [Read("true")]),
        ("products",
        [
            Read($"\"Lifecycle\" IN ('Active', 'PhaseOut') AND {Granted("Product:ParticipantIn")} OR {Supplied("Product:SupplierOf", "Id")} OR {Shared("Product")}"),
        ]),
        ("supplier_items", [Read($"\"SupplierId\" = {Company} OR {Shared("SupplierItem")}")]),
        ("demand_batches", [All($"\"ReporterId\" = {Company}")]),
        ("demand_signals",
        [
            Read($"""
                {Supplied("DemandSignal:SupplierOf", "ProductId")}
                OR "CompanyId" = {Company} AND "Source" IN ('SellThrough', 'StockOnHand', 'Forecast') AND {Granted("DemandSignal:DistributorOf")} OR {Shared("DemandSignal")}
                """),
            ("INSERT", ReportedOwn), ("UPDATE", ReportedOwn), ("DELETE", ReportedOwn),
        ]),
        ("documents", [Read($"\"Status\" = 'Published' AND {Shared("Document")}")]),
        ("document_versions", [Read("EXISTS (SELECT FROM documents AS d WHERE d.\"Id\" = \"DocumentId\" AND d.\"CurrentVersionId\" = document_versions.\"Id\")")]),
        ("document_folders", [Read("EXISTS (SELECT FROM documents AS d WHERE d.\"FolderId\" = document_folders.\"Id\")")]),
        ("document_receipts", [All($"\"CompanyId\" = {Company}")]),
        ("opportunities", [Read(SeenOpportunity), ("UPDATE", SeenOpportunity)]),
        ("opportunity_lines", [Read(OfSeenOpportunity)]),
        ("stage_changes", [Read(OfSeenOpportunity), Add(OfSeenOpportunity)]),
        // Within a trigger the totals of the house follow what a partner changed.
        ("opportunity_totals", [All($"\"Dimension\" = 'Partner' AND \"KeyId\" = {Company} AND {Granted("Opportunity:RegisteredOn")} OR pg_trigger_depth() > 0", "pg_trigger_depth() > 0")]),
        ("search_entries", [Read(SeenLine), ("UPDATE", SeenLine)]),
    ];

    /// <summary>Tables of the portal in which a partner's person sees and writes nothing.</summary>
    private static readonly string[] HouseOnly = ["access_grants", "access_marks", "external_keys", "opportunity_contacts", "person_territories", "teams", "territories"];

    private const string ReportedOwn = "EXISTS (SELECT FROM demand_batches AS b WHERE b.\"Id\" = \"BatchId\")";
    private const string OfSeenOpportunity = "EXISTS (SELECT FROM opportunities AS o WHERE o.\"Id\" = \"OpportunityId\")";

    private static string SeenOpportunity => $"\"PartnerId\" = {Company} AND {Granted("Opportunity:RegisteredOn")} OR {Shared("Opportunity")}";

    /// <summary>
    /// A line is seen with its record. The comparison of arrays may tell of rows that it is asked about, so the server would try it only on rows that have passed the policy, and go
    /// through the whole table; therefore the policy asks for the words itself.
    /// </summary>
    private static string SeenLine => """
        string_to_array("Grams" || ' __' || lower("Entity"), ' ') @> (SELECT coalesce(NULLIF(current_setting('portal.words', true), ''), '{}')::text[])
        AND CASE "Entity"
          WHEN 'Opportunity' THEN EXISTS (SELECT FROM opportunities AS o WHERE o."Id" = search_entries."Id")
          WHEN 'Product' THEN EXISTS (SELECT FROM products AS p WHERE p."Id" = search_entries."Id")
          WHEN 'Document' THEN EXISTS (SELECT FROM documents AS d WHERE d."Id" = search_entries."Id")
          WHEN 'Company' THEN EXISTS (SELECT FROM companies AS c WHERE c."Id" = search_entries."Id")
          WHEN 'Contact' THEN EXISTS (SELECT FROM contacts AS c WHERE c."Id" = search_entries."Id")
          ELSE false END
        """;

    private static readonly string[] Tables = [.. Partner.Select(p => p.Table).Concat(HouseOnly).Order(StringComparer.Ordinal)];

    private volatile Known? _known;

    private sealed record Known(WallRoles? Roles);

    private static (string, string) Read(string rule) => ("SELECT", rule);
    private static (string, string) Add(string rule) => ("INSERT", rule);
    private static (string, string) All(string rule, string? written = null) => ("ALL", written is null ? rule : $"{rule}) WITH CHECK ({written}");

    private static string Granted(string rule) => $"(SELECT '{rule}' = ANY (NULLIF(current_setting('portal.rules', true), '')::text[]))";

    private static string Supplied(string rule, string product) =>
        $"{Granted(rule)} AND \"{product}\" IN (SELECT i.\"ProductId\" FROM supplier_items AS i WHERE i.\"SupplierId\" = {Company} AND i.\"Active\")";

    /// <remarks>As a list of ids that is made once: asked for each row by key, the planner would take every row for dear and go through tables instead of indexes.</remarks>
    private static string Shared(string recordClass) =>
        $"\"Id\" IN (SELECT s.\"RecordId\" FROM shares AS s WHERE s.\"RecordClass\" = '{recordClass}' AND s.\"Key\" = ANY ({Keys}) AND s.\"Until\" > {Now})";

    /// <returns>Null where the wall does not stand.</returns>
    /// <exception cref="InvalidOperationException">It stands, and the database's user may not act for those who ask.</exception>
    public async ValueTask<WallRoles?> RolesAsync(NpgsqlConnection connection, bool async, CancellationToken ct)
    {
        if (_known is { } known) { return known.Roles; }
        await using var command = new NpgsqlCommand($"""
            SELECT left(pg_get_userbyid(c.relowner)::text, {LongestOwner}), c.relrowsecurity, session_user::text FROM pg_class AS c WHERE c.oid = to_regclass('opportunities')
            """, connection);
        await using var reader = async ? await command.ExecuteReaderAsync(ct) : command.ExecuteReader();
        // Nothing is kept of a database that has no tables yet.
        if (!(async ? await reader.ReadAsync(ct) : reader.Read())) { return null; }
        var (owner, stands, user) = (reader.GetString(0), reader.GetBoolean(1), reader.GetString(2));
        if (async) { await reader.CloseAsync(); } else { reader.Close(); }
        if (!stands)
        {
            _known = new(null);
            return null;
        }
        var roles = RolesOf(owner);
        await using var may = new NpgsqlCommand(MayAct, connection) { Parameters = { new("roles", new[] { roles.House, roles.Partner }) } };
        if (!(bool)(async ? await may.ExecuteScalarAsync(ct) : may.ExecuteScalar())!)
        {
            throw new InvalidOperationException($"The tables have row-level security, and the database's user {user} may not act as the roles behind it. As an administrator of the server: {Script(roles, user)}");
        }
        _known = new(roles);
        return roles;
    }

    /// <summary>In the open transaction, as the owner of the tables. What stands as it should is left alone; where the roles cannot be had nothing is changed.</summary>
    public async Task RaiseAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        _known = null;
        var (roles, user) = await NamedAsync(connection, ct);
        var wall = Statements(roles, user);
        var mark = Mark(wall);
        await RunAsync(FindRoles(roles));
        await using var may = new NpgsqlCommand(MayAct, connection) { Parameters = { new("roles", new[] { roles.House, roles.Partner }) } };
        if (!(bool)(await may.ExecuteScalarAsync(ct))! || await MarkAsync(connection, ct) == mark) { return; }
        await RunAsync($"{wall} COMMENT ON TABLE opportunities IS '{mark}';");

        async Task RunAsync(string statements)
        {
            await using var command = new NpgsqlCommand(statements, connection);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>What is to be done so that the wall stands, for an administrator; null where it does.</summary>
    public async Task<string?> MissingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await RolesAsync(connection, async: true, ct) is not null) { return null; }
        var (roles, user) = await NamedAsync(connection, ct);
        return $"row-level security, the second wall behind the portal's own rules, does not stand, because the database's user {user} may not make roles. As an administrator of the server: {Script(roles, user)} Then run the command migrate, with all nodes stopped.";
    }

    /// <summary>Where the wall has a hole although it stands: tables without policy, or whose owner passes it, and a user who sees rows before saying who asks.</summary>
    public async Task<IReadOnlyList<string>> HolesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await RolesAsync(connection, async: true, ct) is not { } roles) { return []; }
        return await NamesAsync(connection, $"""
            SELECT 'the table ' || c.relname || ' is open behind the query filters: run the command migrate'
            FROM pg_class AS c WHERE c.oid = ANY (ARRAY[{string.Join(", ", Tables.Select(t => $"to_regclass('{t}')"))}]) AND NOT (c.relrowsecurity AND c.relforcerowsecurity
              AND EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND {Quoted(roles.House)} = ANY (SELECT r.rolname FROM pg_roles AS r WHERE r.oid = ANY (p.polroles))))
            UNION ALL SELECT 'the database''s user ' || session_user || ' inherits the role ' || r.rolname || ' and sees rows without saying who asks: GRANT that role to ' || {Quoted(roles.Gate)} || ' alone'
            FROM pg_roles AS r WHERE r.rolname IN ({Quoted(roles.House)}, {Quoted(roles.Partner)}) AND pg_has_role(session_user, r.oid, 'USAGE') AND NOT (SELECT u.rolsuper FROM pg_roles AS u WHERE u.rolname = session_user)
            ORDER BY 1
            """, ct);
    }

    public static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlConnection connection, string question, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(question, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var names = new List<string>();
        while (await reader.ReadAsync(ct)) { names.Add(reader.GetString(0)); }
        return names;
    }

    private const int LongestOwner = 50;

    /// <summary>Named after the owner, so that two portals on one server whose owners differ share no role.</summary>
    private static WallRoles RolesOf(string owner) => new($"{owner}_house", $"{owner}_partner", $"{owner}_asker");

    private static async Task<(WallRoles Roles, string User)> NamedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT session_user::text", connection);
        var user = (string)(await command.ExecuteScalarAsync(ct))!;
        return (RolesOf(user.Length > LongestOwner ? user[..LongestOwner] : user), user);
    }

    private static async Task<string?> MarkAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT obj_description('opportunities'::regclass, 'pg_class') FROM pg_class WHERE oid = 'opportunities'::regclass AND relrowsecurity", connection);
        return await command.ExecuteScalarAsync(ct) as string;
    }

    /// <summary>From version 16 on, membership and the right to act as the role are two things.</summary>
    private const string MayAct = """
        SELECT (SELECT count(*) FROM pg_roles AS r WHERE r.rolname = ANY (@roles)
          AND pg_has_role(session_user, r.oid, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)) = 2
        """;

    /// <summary>Makes the roles and hands them out, as far as that is missing and the user may.</summary>
    private static string FindRoles(WallRoles roles) => $"""
        DO $wall$
        DECLARE made text[]; done text;
        BEGIN
          FOREACH made SLICE 1 IN ARRAY ARRAY[[{Quoted(roles.House)}, 'INHERIT'], [{Quoted(roles.Partner)}, 'INHERIT'], [{Quoted(roles.Gate)}, 'NOINHERIT']] LOOP
            BEGIN
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = made[1]) THEN EXECUTE format('CREATE ROLE %I NOLOGIN ' || made[2], made[1]); END IF;
            EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
            END;
          END LOOP;
          FOREACH done IN ARRAY ARRAY[{Quoted(roles.House)}, {Quoted(roles.Partner)}] LOOP
            BEGIN
              IF NOT pg_has_role(session_user, done, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END) THEN
                EXECUTE format('GRANT %I TO %I', done, {Quoted(roles.Gate)});
                EXECUTE format('GRANT %I TO %I', {Quoted(roles.Gate)}, session_user);
              END IF;
            EXCEPTION WHEN insufficient_privilege OR undefined_object THEN NULL;
            END;
          END LOOP;
        END $wall$;
        """;

    private static string Statements(WallRoles roles, string user)
    {
        var (house, partner, owner) = (Name(roles.House), Name(roles.Partner), Name(user));
        var wall = new StringBuilder("GRANT USAGE ON SCHEMA public TO ").Append(house).Append(", ").Append(partner).Append(";\n")
            .Append("GRANT SELECT ON ").Append(MigrationsTable).Append(" TO ").Append(house).Append(";\n");
        foreach (var table in Tables)
        {
            wall.Append(System.Globalization.CultureInfo.InvariantCulture, $"""
                ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
                GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {house}, {partner};
                DO $wall$ DECLARE old name; BEGIN FOR old IN SELECT polname FROM pg_policy WHERE polrelid = '{table}'::regclass LOOP EXECUTE format('DROP POLICY %I ON {table}', old); END LOOP; END $wall$;
                CREATE POLICY house ON {table} TO {house} USING (true);
                CREATE POLICY owner ON {table} TO {owner} USING ((SELECT current_setting('{OwnerMark}', true)) = '{OwnerMarked}');

                """);
        }
        foreach (var (table, policies) in Partner)
        {
            foreach (var (what, rule) in policies)
            {
                wall.Append(System.Globalization.CultureInfo.InvariantCulture, $"CREATE POLICY partner_{what.ToLowerInvariant()} ON {table} FOR {what} TO {partner} {(what == "INSERT" ? "WITH CHECK" : "USING")} ({rule});\n");
            }
        }
        return wall.ToString();
    }

    private static string Mark(string wall) => $"second wall {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wall)))[..16]}";

    private static string Script(WallRoles roles, string user) =>
        $"CREATE ROLE {Name(roles.House)} NOLOGIN; CREATE ROLE {Name(roles.Partner)} NOLOGIN; CREATE ROLE {Name(roles.Gate)} NOLOGIN NOINHERIT; "
        + $"GRANT {Name(roles.House)}, {Name(roles.Partner)} TO {Name(roles.Gate)}; GRANT {Name(roles.Gate)} TO {Name(user)};";

    private static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
