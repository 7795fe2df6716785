#!/usr/bin/env bash
# Checks that this machine can build SignalCam SDK: the .NET SDK and git. Everything else comes from NuGet.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2s/^# //p' "$0"; exit 0; fi
. build/common.sh
need dotnet "the .NET SDK $(sed -n 's/.*"version": *"\([0-9.]*\)".*/\1/p' global.json) or later: https://dotnet.microsoft.com/download"
need git "git"
