#!/usr/bin/env bash
# usage: bash databases/add-migration.sh NAME [portal|identity]
# Adds the migration NAME for every engine, from the model as it stands in the code. Which context: portal (the default) or identity.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ $# -lt 1 ] || [ $# -gt 2 ]; then echo "usage: bash databases/add-migration.sh NAME [portal|identity]" >&2; exit 2; fi
name=$1
case "${2:-portal}" in
  portal) context=PortalDbContext folder=Migrations/Portal ;;
  identity) context=IdentityStoreContext folder=Migrations/Identity ;;
  *) echo "There are two contexts: portal and identity." >&2; exit 2 ;;
esac

dotnet tool restore --verbosity quiet
dotnet build databases/Portal.Design -v q --nologo
for engine in Sqlite PostgreSql; do
  dotnet ef migrations add "$name" --no-build --context "$context" --project "databases/Portal.$engine" --startup-project databases/Portal.Design --output-dir "$folder" -- --engine "${engine,,}"
done
