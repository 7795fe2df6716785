#!/usr/bin/env bash
# Runs the benchmarks; every figure is a ratio to a baseline of the same run.
#   build/bench.sh                      the ratios that the README states, measured pair by pair
#   build/bench.sh viewer               fifty clients at once ask samples/Viewer for explanations, for a minute
#   build/bench.sh distributed          workers over RabbitMQ against the same in one process; distributed memory: one worker over 100,000 jobs;
#                                       distributed sinks: how fast results are stored
#   build/bench.sh --filter '*'         every benchmark with BenchmarkDotNet's statistics (arguments go to it)
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0; fi
. build/common.sh
build/setup.sh
build_log tests/Benchmarks/Benchmarks.csproj
tool=artifacts/bin/Benchmarks/release/Benchmarks.dll
if [ $# = 0 ]; then exec dotnet "$tool" ratios; fi
#   build/bench.sh viewer               fifty clients at once ask samples/Viewer for explanations, for a minute
#   build/bench.sh distributed          workers over RabbitMQ against the same in one process; distributed memory: one worker over 100,000 jobs;
#                                       distributed sinks: how fast results are stored
#   build/bench.sh --filter '*'         every benchmark with BenchmarkDotNet's statistics (arguments go to it)
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0; fi
exec dotnet "$tool" --artifacts artifacts/benchmarks "$@"
