#!/usr/bin/env bash
# Runs the command line tool from source: build/signalcam.sh ARGS is the tool `signalcam ARGS`.
#   build/signalcam.sh view [--urls http://127.0.0.1:PORT]   starts samples/Viewer instead, and prints its address
set -euo pipefail
called_from=$PWD
cd "$(dirname "$0")/.."
. build/common.sh
build/setup.sh
if [ "${1:-}" = view ]; then
  shift
  if [ "${1:-}" = --help ]; then sed -n '3s/^# *//p' build/signalcam.sh; exit 0; fi
  project=samples/Viewer/Viewer.csproj tool=$PWD/artifacts/bin/Viewer/release/Viewer.dll
else
  project=src/SignalCam.Cli/SignalCam.Cli.csproj tool=$PWD/artifacts/bin/SignalCam.Cli/release/signalcam.dll
fi
build_if_stale "$project" "$tool"
cd "$called_from"
exec dotnet "$tool" "$@"
