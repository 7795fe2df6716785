#!/usr/bin/env bash
# Draws the pictures of docs/images anew: those that the tool writes, and its pages as Chromium shows them. Look at them before you commit.
#   build/pictures.sh                    all but the two maps of docs/explanation-study.md
#   build/pictures.sh --planted MODEL    those two as well, with the model that the study's commands train
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0; fi
. build/common.sh
need chromium "Debian's package chromium"
tool() { build/signalcam.sh "$@" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }
images=$PWD/docs/images
work=$(mktemp -d)
viewer=
trap 'if [ -n "$viewer" ]; then kill "$viewer"; fi; rm -rf "$work"' EXIT

say "pictures of the tool"
tool synthesize --out "$work/data" --records 1000
tool explain --data "$work/data" --ids 12 --out "$work/strip"
cp "$work/strip/12.svg" "$images/explanation.svg"
tool explain --data "$work/data" --ids 12 --model super --classes MI --layout 3x4 --out "$work/3x4"
cp "$work/3x4/12.svg" "$images/explanation-3x4.svg"
tool explain --data "$work/data" --ids 12 --model super --classes MI,CD --layout 3x4 --format html --out "$work/page"
if [ "${1:-}" = --planted ]; then
  tool synthesize --out "$work/planted" --records 4000 --affected-beats 0.15
  for cam in exact paper; do
    tool explain --data "$work/planted" --ids 389 --model "$2" --classes MI --layout 3x4 --cam "$cam" --out "$work/$cam"
    cp "$work/$cam/389.svg" "$images/cam-$cam.svg"
  done
fi

photograph() { # NAME WIDTH HEIGHT ADDRESS [OPTION]...: waits until scripts and requests of the page have come to rest
  local name=$1 width=$2 height=$3 address=$4; shift 4
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" --window-size="$width,$height" \
    --virtual-time-budget=30000 --screenshot="$images/$name.png" "$@" "$address" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}

say "pages in Chromium"
build/signalcam.sh view --urls http://127.0.0.1:0 > "$work/address" 2> "$work/log" &
viewer=$!
until grep -q '^SignalCam viewer: ' "$work/address"; do kill -0 "$viewer" || { cat "$work/log" >&2; exit 1; }; sleep 0.2; done
address=$(sed -n 's/^SignalCam viewer: \([^ ]*\) .*/\1/p' "$work/address")
example="recording=example-inferior-infarction"
photograph viewer 1280 1000 "$address#$example"
photograph viewer-compare 1280 900 \
  "$address#$example&model=super&class=MI&layout=3x4&compare=explainers&other-$example&other-model=super&other-class=MI&other-explainer=integrated-gradients" \
  --blink-settings=preferredColorScheme=0
photograph explanation-page 1400 528 "file://$work/page/12.html#V2,6.63"
