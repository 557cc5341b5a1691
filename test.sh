#!/usr/bin/env bash
# usage: bash test.sh [NAME ...]
# Builds everything in Release with warnings as errors and runs every test project, or those whose name contains a NAME.
# The last line is the sum: "N passed, N failed", with ", N skipped" when there are any. The exit code is 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source scripts/prerequisites.sh
source scripts/postgres.sh

need_dotnet
need_node
need_chromium "browser and PDF tests fail"
need_program pdftotext poppler-utils "PDF tests fail"
need_apache "tests of the log-in provider with Apache fail"
trap stop_postgres EXIT
trap 'kill $(jobs -p) 2>/dev/null; exit 130' INT TERM
start_postgres || exit 2

results=TestResults/run
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 skipped=0 seconds=$SECONDS

projects=()
for file in tests/*.Tests/*.csproj e2e/*.csproj; do
  name=$(basename "$file" .csproj)
  wanted=$([ $# = 0 ] && echo yes)
  for part in "$@"; do case "${name,,}" in *"${part,,}"*) wanted=yes ;; esac; done
  if [ -n "$wanted" ]; then projects+=("$file"); fi
done
if [ ${#projects[@]} = 0 ]; then say "No test project is named like: $*"; exit 2; fi

hosted=Portal.Identity.Tests names=()
for file in "${projects[@]}"; do
  name=$(basename "$file" .csproj)
  names+=("$name")
  if [ "$name" = "$hosted" ]; then names+=("$name.in-portal"); fi
done

# not_run PROJECT REASON: a suite that did not run is a failure with a name.
not_run() { echo "$1: NOT RUN: $2"; failed=$((failed + 1)); }

# once NAME PROJECT [ARGUMENT...]: what it prints stands together in NAME.log, its code and seconds beside it.
once() {
  local name=$1 file=$2 started=$SECONDS code=0
  shift 2
  dotnet "$(dirname "$file")/bin/Release/net10.0/$(basename "$file" .csproj).dll" "$@" -xml "$results/$name.xml" -noLogo -noColor </dev/null >"$results/$name.log" 2>&1 || code=$?
  echo "$code $((SECONDS - started))" >"$results/$name.ended"
  cat "$results/$name.log"
}

# run PROJECT...: one after the other. The provider's suite runs against the provider alone; what is marked hosting=both then runs with the provider inside the portal.
run() {
  local file name
  for file in "$@"; do
    name=$(basename "$file" .csproj)
    once "$name" "$file"
    if [ "$name" = "$hosted" ]; then PORTAL_IDENTITY_HOST=portal once "$name.in-portal" "$file" -trait hosting=both; fi
  done
}

# Build servers would outlive the script and hold its output open.
if dotnet build Portal.sln -c Release -warnaserror -v q --disable-build-servers </dev/null; then
  echo "built in $((SECONDS - seconds)) s"

  # The longest suite has a lane of its own beside the others; the browser comes last and alone, because people wait for pages there.
  longest=() others=() browser=()
  for file in "${projects[@]}"; do
    case "$file" in tests/Portal.Web.Tests/*) longest+=("$file") ;; e2e/*) browser+=("$file") ;; *) others+=("$file") ;; esac
  done
  run "${longest[@]}" &
  lane=$!
  run "${others[@]}"
  wait "$lane"
  run "${browser[@]}"

  for name in "${names[@]}"; do
    read -r code seconds <"$results/$name.ended" || { not_run "$name" "it was never started"; continue; }
    counts=$(grep -o '<assembly [^>]*>' "$results/$name.xml" 2>/dev/null | head -n 1)
    count() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$counts"; }
    if [ -z "$counts" ]; then not_run "$name" "it ended with code $code before it reported"; continue; fi
    if [ "$(count total)" = 0 ]; then not_run "$name" "it holds no test"; continue; fi
    p=$(count passed) f=$(($(count failed) + $(count errors))) s=$(($(count skipped) + $(count not-run)))
    if [ "$code" != 0 ] && [ "$f" = 0 ]; then not_run "$name" "it ended with code $code"; fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    echo "$name: $p passed, $f failed, $s skipped, $seconds s"
  done
else
  for name in "${names[@]}"; do not_run "$name" "the build failed"; done
fi

stop_postgres
line="$passed passed, $failed failed"
if [ "$skipped" -gt 0 ]; then line="$line, $skipped skipped"; fi
echo "$line"
[ "$failed" = 0 ]
