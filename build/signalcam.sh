#!/usr/bin/env bash
# Builds the command-line tool from source and runs it: build/signalcam.sh ARGS is `signalcam ARGS`.
set -euo pipefail
called_from=$PWD
cd "$(dirname "$0")/.."
. build/common.sh
build/setup.sh
tool=$PWD/artifacts/bin/SignalCam.Cli/release/signalcam.dll
build_if_stale src/SignalCam.Cli/SignalCam.Cli.csproj "$tool"
cd "$called_from"
exec dotnet "$tool" "$@"
