#!/usr/bin/env bash
# Runs the benchmarks; every figure is a ratio to a baseline of the same run.
#   build/bench.sh                      all of them
#   build/bench.sh --filter '*Cam*'     some (arguments go to BenchmarkDotNet)
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0; fi
. build/common.sh
build/setup.sh
build_log tests/Benchmarks/Benchmarks.csproj
if [ $# = 0 ]; then set -- --filter '*'; fi
exec dotnet artifacts/bin/Benchmarks/release/Benchmarks.dll --artifacts artifacts/benchmarks "$@"
