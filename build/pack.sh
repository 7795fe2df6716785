#!/usr/bin/env bash
# Makes the NuGet packages: nupkg, and snupkg with the sources in the symbols.
#   build/pack.sh [--out DIR]    into DIR (default: artifacts/packages, which is emptied first)
set -euo pipefail
called_from=$PWD
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,3s/^# \{0,1\}//p' "$0"; exit 0; fi
. build/common.sh

out=$PWD/artifacts/packages
case "${1:-}" in
  "") ;;
  --out) [ $# = 2 ] || { echo 'build: --out needs a folder' >&2; exit 2; }
         case "$2" in /*) out=$2 ;; *) out=$called_from/$2 ;; esac ;;
  *) echo "build: unknown argument $1; see build/pack.sh --help" >&2; exit 2 ;;
esac
build/setup.sh

# Only a public forge means anything to whoever installs a package; RepositoryUrl (environment) names any other.
if [ -z "${RepositoryUrl:-}" ]; then
  origin=$(git remote get-url origin 2> /dev/null || true)
  case "$origin" in https://github.com/*|https://gitlab.com/*|https://codeberg.org/*|https://bitbucket.org/*) RepositoryUrl=$origin ;; esac
fi
export RepositoryUrl="${RepositoryUrl:-}"
if [ "$(git rev-parse --is-shallow-repository 2> /dev/null || echo none)" != false ]; then
  say "no git history, or a part of it only: the version counts no commits"
fi

# A build of its own: deterministic builds leave this machine's paths out, which would make every other build here start anew.
mkdir -p artifacts
stage=$(mktemp -d); trap 'rm -rf "$stage"' EXIT
properties=(-p:Configuration="$configuration" -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false
  -p:ArtifactsPath="$PWD/artifacts/pack" -p:PackageOutputPath="$stage")
say "packing"
dotnet msbuild build/pack.proj -nologo -v:quiet -m "${properties[@]}" > artifacts/pack.log 2>&1 || { cat artifacts/pack.log >&2; exit 1; }

[ "$out" != "$PWD/artifacts/packages" ] || rm -rf "$out"
mkdir -p "$out"
cp "$stage"/* "$out"
(cd "$stage" && for file in *; do printf '%9d  %s\n' "$(wc -c < "$file")" "$file"; done)

say "packages are in $out"
