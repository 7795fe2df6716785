#!/usr/bin/env bash
# Builds the documentation site with the API reference into artifacts/docs/site; exits with 1 on a warning.
#   build/docs.sh            then open artifacts/docs/site/index.html
#   build/docs.sh --serve    also serves it on http://localhost:8080
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0; fi
. build/common.sh
build/setup.sh
dotnet tool restore > /dev/null
tool=artifacts/bin/SignalCam.Cli/release/signalcam.dll
build_if_stale src/SignalCam.Cli/SignalCam.Cli.csproj "$tool"
rm -rf artifacts/docs
mkdir -p artifacts/docs
say "building the site"
for step in metadata build; do
  dotnet docfx "$step" docfx.json --warningsAsErrors > "artifacts/docs/$step.log" 2>&1 ||
    { grep -iE 'warning|error' "artifacts/docs/$step.log" >&2; exit 1; }
done
cp artifacts/docs/site/README.html artifacts/docs/site/index.html
printf 'artifacts/docs/site/index.html\n'
if [ "${1:-}" = --serve ]; then exec dotnet docfx serve artifacts/docs/site; fi
