#!/usr/bin/env bash
# usage: bash run.sh [COMMAND [OPTION ...]]
# Serves Portal on http://localhost:5080 (an empty database gets demo data), or runs the given command of the program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source scripts/prerequisites.sh

need_dotnet
need_node
need_chromium "PDF files cannot be made"

export ASPNETCORE_ENVIRONMENT="${ASPNETCORE_ENVIRONMENT:-Development}"
exec dotnet run --project Portal.Web -c Release -- "$@"
