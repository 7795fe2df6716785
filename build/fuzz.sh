#!/usr/bin/env bash
# Gives changed inputs of every kind to the product and counts what it does with them: crashes, hangs over 2 s, allocations over 256 MB and
# exceptions that are not the SDK's are findings, which end the script with 1. Each part runs in a process of its own.
#   build/fuzz.sh --cases 1000000        inputs, divided among the kinds, a third of them model files (default 10000)
#   build/fuzz.sh --kind model ...       one kind alone; --help lists them
#   build/fuzz.sh --seed 5000000 ...     the number of the first input; the same number gives the same input
#   build/fuzz.sh --kind model --one 17  one input, in one process, to look at
set -euo pipefail
cd "$(dirname "$0")/.."
. build/common.sh
build/setup.sh
build_log tests/Fuzz/Fuzz.csproj
exec dotnet artifacts/bin/Fuzz/release/Fuzz.dll "$@"
