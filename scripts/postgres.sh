# A throw-away PostgreSQL server for tests. Sourced, not run; needs prerequisites.sh.
# start_postgres exports PORTAL_TEST_POSTGRES; stop_postgres ends the server and removes its files. The server listens on loopback only, on a random port,
# with a random password, and does not sync to disk: nothing in it is meant to last.
postgres_folder=

postgres_programs() {
  local folder
  for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr); do
    if [ -x "$folder/initdb" ]; then echo "$folder"; return 0; fi
  done
  if command -v initdb >/dev/null; then dirname "$(command -v initdb)"; fi
}

# The server refuses to run as root.
as_postgres() { if is_root; then runuser -u postgres -- "$@"; else "$@"; fi; }

start_postgres() {
  if [ -n "${PORTAL_TEST_POSTGRES:-}" ]; then return 0; fi
  local programs password port try
  programs=$(postgres_programs)
  if [ -z "$programs" ]; then
    if ! install postgresql; then say "No PostgreSQL server found: its tests are not run. Install one, or set PORTAL_TEST_POSTGRES to a connection string that may create databases."; return 0; fi
    programs=$(postgres_programs)
  fi
  postgres_folder=$(mktemp -d "${TMPDIR:-/tmp}/portal-postgres.XXXXXX")
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s' "$password" > "$postgres_folder/password"
  if is_root; then chown -R postgres "$postgres_folder"; fi
  (
    cd "$postgres_folder"
    as_postgres "$programs/initdb" -D "$postgres_folder/data" -U portal -E UTF8 --locale=C.UTF-8 -A scram-sha-256 --pwfile="$postgres_folder/password" --no-sync >/dev/null
    cat >> "$postgres_folder/data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = '$postgres_folder'
max_connections = 300
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
SETTINGS
  )
  for try in 1 2 3 4 5 6 7 8; do
    port=$((20000 + RANDOM % 30000))
    if (cd "$postgres_folder" && as_postgres "$programs/pg_ctl" -D data -s -w -t 60 -l server.log -o "-p $port" start) </dev/null >/dev/null 2>&1; then
      postgres_stop=("$programs/pg_ctl" -D data -s -m immediate stop)
      export PORTAL_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=portal;Password=$password;Database=postgres"
      return 0
    fi
  done
  say "The test PostgreSQL server did not start:"; tail -n 5 "$postgres_folder/server.log" >&2
  return 1
}

stop_postgres() {
  if [ -z "$postgres_folder" ]; then return 0; fi
  if [ -n "${postgres_stop:-}" ]; then (cd "$postgres_folder" && as_postgres "${postgres_stop[@]}") </dev/null >/dev/null 2>&1 || true; fi
  rm -rf "$postgres_folder"
  postgres_folder=
}
