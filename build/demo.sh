#!/usr/bin/env bash
# Runs the whole flow with nothing but this repository: generates a small synthetic set of 12-lead ECGs in PTB-XL's layout,
# summarizes it, trains the published CNN, evaluates it, explains recordings, and writes runs/demo/report.html.
#   build/demo.sh [--data PTB-XL-FOLDER] [--out FOLDER]   the same on real PTB-XL
set -euo pipefail
exec "$(dirname "$0")/signalcam.sh" demo "$@"
