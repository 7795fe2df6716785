#!/usr/bin/env bash
# Runs the benchmarks; every figure is a ratio to a baseline of the same run.
#   build/bench.sh                      all ratios in the docs: layers, end to end against Python, and the rest in pairs
#   build/bench.sh end-to-end           only against Python; end-to-end one, fold or reading: parts of it
#   build/bench.sh formats              reading a file of each format, compared with Python packages
#   build/bench.sh scorer               layers, and the scorer compared with TorchSharp
#   build/bench.sh stream               a classifier's stream over fold 9 on two cores compared with one (needs SIGNALCAM_PTBXL)
#   build/bench.sh quality|measurements the figures of docs/quality.md and docs/measurements.md
#   build/bench.sh robustness FOLD MODEL...  ROC-AUC with noise, lost leads, other gains and rates, and swapped electrodes (needs SIGNALCAM_PTBXL)
#   build/bench.sh onnx                 the scorer compared with ONNX Runtime and TorchSharp, one thread, processor time
#   build/bench.sh engine               training steps and forward passes per second; --against DLL compares with another build of the benchmark
#   build/bench.sh epoch                an epoch of the trainer compared with as many bare steps
#   build/bench.sh viewer               fifty concurrent clients request explanations from the viewer for a minute
#   build/bench.sh distributed          workers over RabbitMQ compared with one process, with samples in the jobs and from files;
#                                       distributed inline or files: one of the two; memory: one worker over 100,000 jobs; sinks: storage rate of results
#   build/bench.sh --filter '*'         every benchmark with BenchmarkDotNet's statistics (arguments are passed to it)
#   SIGNALCAM_PTBXL=FOLDER              real PTB-XL; without it, synthetic recordings
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,17s/^# \{0,1\}//p' "$0"; exit 0; fi
. build/common.sh
build/setup.sh
case "${1:-ratios}" in
  ratios|end-to-end)
    # The baseline in Python, with Debian's PyTorch.
    /usr/bin/python3 -c 'import numpy, pandas, torch' 2> /dev/null || install_packages python3-numpy python3-pandas python3-torch ;;
  formats)
    # Reading uses much code of the runtime itself, which is fully optimized only with tiered compilation, as in any host.
    export DOTNET_TieredCompilation=1
    /usr/bin/python3 -c 'import numpy, pandas, scipy, h5py, pydicom, mne, biosig' 2> /dev/null ||
      install_packages python3-numpy python3-pandas python3-scipy python3-h5py python3-pydicom python3-mne python3-biosig ;;
esac
build_log tests/Benchmarks/Benchmarks.csproj
tool=artifacts/bin/Benchmarks/release/Benchmarks.dll
case "${1:-ratios}" in
  ratios) exec dotnet "$tool" ratios ;;
  end-to-end|formats|scorer|stream|quality|measurements|robustness|viewer|distributed) exec dotnet "$tool" "$@" ;;
esac
exec dotnet "$tool" --artifacts artifacts/benchmarks "$@"
