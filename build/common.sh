# Shared by the other scripts; sourced with the repository's root as the working folder.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
configuration=Release

say() { printf '%s\n' "-- $*" >&2; }

need() { # COMMAND WHAT
  command -v "$1" > /dev/null || { printf 'build: %s is missing: install %s\n' "$1" "$2" >&2; exit 1; }
}

install_packages() { # PACKAGE...
  if [ "$(id -u)" != 0 ]; then
    printf 'build: system packages are missing. Run this, then try again:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends %s\n' "$*" >&2
    exit 1
  fi
  need apt-get "apt-get, or by other means: $*"
  say "installing $*"
  local log; log=$(mktemp)
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } > "$log" 2>&1 \
    || { cat "$log" >&2; printf 'build: the system packages could not be installed: %s\n' "$*" >&2; exit 1; }
  rm -f "$log"
}

build_log() { # PROJECT: builds it; prints the log when that fails
  mkdir -p artifacts
  local log=artifacts/build-$(basename "$1").log
  dotnet build "$1" -c "$configuration" -v quiet -nologo -clp:NoSummary > "$log" 2>&1 || { cat "$log" >&2; exit 1; }
}

build_if_stale() { # PROJECT OUTPUT: builds only when a source is newer than the output
  if [ ! -f "$2" ] || [ -n "$(find src "$(dirname "$1")" build/native Directory.* version.json global.json -newer "$2" -type f -not -path '*/bin/*' -not -path '*/obj/*' -print -quit)" ]; then
    say "building $(basename "$1" .csproj)"
    build_log "$1"
    touch "$2"
  fi
}
