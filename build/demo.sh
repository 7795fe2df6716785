#!/usr/bin/env bash
# The main job, start to end, with nothing but this repository: makes a small synthetic set of 12-lead ECGs in PTB-XL's layout,
# looks at it, trains the published CNN, evaluates it, explains recordings, and writes runs/demo/report.html.
#   build/demo.sh [--data PTB-XL-FOLDER] [--out FOLDER]   the same on real PTB-XL
set -euo pipefail
exec "$(dirname "$0")/signalcam.sh" demo "$@"
