#!/usr/bin/env bash
# Builds the NuGet packages: nupkg, and snupkg with sources in the symbols.
#   build/pack.sh [--out DIR]    into DIR (default: artifacts/packages, which is emptied first)
#   build/pack.sh --sbom ...     also writes sbom.spdx.json, the bill of materials: every dependency, and a hash of each file
set -euo pipefail
called_from=$PWD
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0; fi
. build/common.sh

out=$PWD/artifacts/packages
sbom=
if [ "${1:-}" = --sbom ]; then sbom=1; shift; fi
case "${1:-}" in
  "") ;;
  --out) [ $# = 2 ] || { echo 'build: --out needs a folder' >&2; exit 2; }
         case "$2" in /*) out=$2 ;; *) out=$called_from/$2 ;; esac ;;
  *) echo "build: unknown argument $1; see build/pack.sh --help" >&2; exit 2 ;;
esac
build/setup.sh

# Only a public forge is useful to users of a package; RepositoryUrl (environment) overrides it.
if [ -z "${RepositoryUrl:-}" ]; then
  origin=$(git remote get-url origin 2> /dev/null || true)
  case "$origin" in https://github.com/*|https://gitlab.com/*|https://codeberg.org/*|https://bitbucket.org/*) RepositoryUrl=$origin ;; esac
fi
export RepositoryUrl="${RepositoryUrl:-}"
if [ "$(git rev-parse --is-shallow-repository 2> /dev/null || echo none)" != false ]; then
  say "no git history, or a shallow clone: the version counts no commits"
fi

# A separate build: deterministic builds omit local paths, which would invalidate all other builds here.
mkdir -p artifacts
stage=$(mktemp -d); trap 'rm -rf "$stage"' EXIT
properties=(-p:Configuration="$configuration" -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false
  -p:ArtifactsPath="$PWD/artifacts/pack" -p:PackageOutputPath="$stage")
say "packing (a few minutes; log: artifacts/pack.log)"
dotnet msbuild build/pack.proj -nologo -v:quiet -m "${properties[@]}" > artifacts/pack.log 2>&1 || { cat artifacts/pack.log >&2; exit 1; }

if [ -n "$sbom" ]; then
  say "writing the bill of materials"
  dotnet tool restore > /dev/null
  version=$(basename "$stage"/SignalCam.Abstractions.*.nupkg .nupkg); version=${version#SignalCam.Abstractions.}
  references=$(mktemp -d); manifest=$(mktemp -d); trap 'rm -rf "$stage" "$references" "$manifest"' EXIT
  for assets in artifacts/pack/obj/SignalCam.*/project.assets.json; do
    mkdir "$references/$(basename "$(dirname "$assets")")"
    cp "$assets" "$references/$(basename "$(dirname "$assets")")"
  done
  dotnet sbom-tool generate -b "$stage" -bc "$references" -m "$manifest" -pn SignalCam.Sdk -pv "$version" -ps "SignalCam SDK contributors" \
    -nsb "${RepositoryUrl:-https://spdx.org/spdxdocs/signalcam}" -V Warning > artifacts/sbom.log 2>&1 || { cat artifacts/sbom.log >&2; exit 1; }
  cp "$(find "$manifest" -name manifest.spdx.json)" "$stage/sbom.spdx.json"
fi

[ "$out" != "$PWD/artifacts/packages" ] || rm -rf "$out"
mkdir -p "$out"
cp "$stage"/* "$out"
(cd "$stage" && for file in *; do printf '%9d  %s\n' "$(wc -c < "$file")" "$file"; done)

say "packages are in $out"
