#!/usr/bin/env bash
# Feeds mutated inputs of every kind to the SDK and counts the outcomes: crashes, hangs over 2 s, allocations over 256 MB and
# exceptions other than the SDK's are findings, with which the script exits with 1. Each part runs in a separate process.
#   build/fuzz.sh --cases 1000000        inputs, divided among the kinds, a third of them model files (default 10000)
#   build/fuzz.sh --kind model ...       only one kind; --help lists them
#   build/fuzz.sh --seed 5000000 ...     the number of the first input; the same number gives the same input
#   build/fuzz.sh --kind model --one 17  one input, in one process, for inspection
set -euo pipefail
cd "$(dirname "$0")/.."
. build/common.sh
build/setup.sh
build_log tests/Fuzz/Fuzz.csproj
exec dotnet artifacts/bin/Fuzz/release/Fuzz.dll "$@"
