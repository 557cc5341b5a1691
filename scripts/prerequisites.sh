# What run.sh and test.sh ask of a machine. Sourced, not run. Each function is silent when all is well, installs what it can, and otherwise says in one line what to do.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }
is_root() { [ "$(id -u)" = 0 ]; }

need_dotnet() {
  if ! command -v dotnet >/dev/null; then say "The .NET 10 SDK is missing: install it and put 'dotnet' on the PATH."; exit 2; fi
  if ! dotnet --list-sdks | grep -q '^10\.'; then say "The .NET 10 SDK is missing: 'dotnet --list-sdks' names no 10.x."; exit 2; fi
}

need_node() {
  local major
  major=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/') || true
  if [ -z "$major" ] || [ "$major" -lt 20 ]; then say "Node.js 20 or newer is missing (found: ${major:-none}): the build fetches the front-end packages with it."; exit 2; fi
  if ! command -v npm >/dev/null; then say "npm is missing: it comes with Node.js 20 or newer."; exit 2; fi
}

# install PACKAGE ...: true when Debian's packages are installed afterwards.
install() {
  is_root && command -v apt-get >/dev/null || return 1
  say "Installing $*"
  export DEBIAN_FRONTEND=noninteractive
  local log
  log=$(mktemp)
  if { apt-get update -q && apt-get install -y -q --no-install-recommends "$@"; } </dev/null >"$log" 2>&1; then rm -f "$log"; return 0; fi
  tail -n 5 "$log" >&2
  rm -f "$log"
  return 1
}

# need_chromium CONSEQUENCE: exports PORTAL_CHROMIUM, or names what goes without.
need_chromium() {
  if [ -n "${PORTAL_CHROMIUM:-}" ]; then
    if [ -x "$PORTAL_CHROMIUM" ]; then return 0; fi
    say "PORTAL_CHROMIUM=$PORTAL_CHROMIUM is not a program."; exit 2
  fi
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then PORTAL_CHROMIUM=$(command -v "$name"); export PORTAL_CHROMIUM; return 0; fi
  done
  if install chromium; then PORTAL_CHROMIUM=$(command -v chromium); export PORTAL_CHROMIUM; return 0; fi
  say "No Chromium found: $1. Install one, or set PORTAL_CHROMIUM to its path."
  return 0
}

# need_program PROGRAM PACKAGE CONSEQUENCE
need_program() {
  if command -v "$1" >/dev/null || install "$2"; then return 0; fi
  say "$1 (Debian package $2) is missing: $3."
}

# need_apache CONSEQUENCE: Apache with mod_auth_openidc, as a program to test against; never as a service of this machine.
need_apache() {
  if [ -x /usr/sbin/apache2 ] && [ -f /usr/lib/apache2/modules/mod_auth_openidc.so ]; then return 0; fi
  # Debian starts what it installs unless a policy forbids it.
  local policy=/usr/sbin/policy-rc.d made=
  if is_root && [ ! -e "$policy" ]; then printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod +x "$policy" && made=yes; fi
  local there=
  if install apache2 libapache2-mod-auth-openidc; then there=yes; fi
  if [ -n "$made" ]; then rm -f "$policy"; fi
  [ -n "$there" ] || say "Apache with mod_auth_openidc (Debian packages apache2 and libapache2-mod-auth-openidc) is missing: $1."
}
