#!/usr/bin/env bash
# Trains the weights that come with the SDK, from PTB-XL alone: about three hours on two idle cores with bfloat16 instructions.
#   SIGNALCAM_PTBXL=FOLDER build/weights.sh WORK           train into the folder WORK; a stopped run goes on where it was
#   SIGNALCAM_PTBXL=FOLDER build/weights.sh WORK install   then calibrate on fold 9, copy to src/SignalCam.Sdk/Pretrained, measure the cards
# Four networks learn all seven tasks (175 outputs); joined, they are the large models, and teach the medium and the small network.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ] || [ $# = 0 ]; then sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0; fi
. build/common.sh
data=$(cd "${SIGNALCAM_PTBXL:?the folder of PTB-XL}" && pwd)
build/setup.sh
tool=$PWD/artifacts/bin/SignalCam.Cli/release/signalcam.dll
build_if_stale src/SignalCam.Cli/SignalCam.Cli.csproj "$tool"
root=$PWD
options=$PWD/build/weights
shipped=$PWD/src/SignalCam.Sdk/Pretrained
mkdir -p "$1"
cd "$1"

signalcam() { dotnet "$tool" "$@"; }
train() { # RUN ARGUMENTS...
  local run=$1; shift
  if grep -qs '"end": "completed"' "$run/run.json"; then return; fi
  if [ -f "$run/last.safetensors" ]; then signalcam train --resume "$run" --data "$data"; return; fi
  signalcam train --run "$run" --data "$data" "$@"
}
all="--task joint --join normal-abnormal --join super --join sub --join diag --join form --join rhythm --join all"
last="--select lastEpoch"

train joint-1 $all --architecture xresnet1d18 --options "$options/teacher.json" --seed 1 --epochs 30 --train-folds 1-7 --valid-folds 8
train joint-2 $all --architecture xresnet1d18 --options "$options/teacher.json" --seed 2 --epochs 40 $last
train joint-3 $all --architecture xresnet1d34 --options "$options/teacher.json" --seed 4 --epochs 35 $last
train joint-4 $all --options "$options/teacher-excitation.json" --seed 3 --epochs 40 $last
signalcam ensemble --model joint-1/model.safetensors --model joint-2/model.safetensors --model joint-3/model.safetensors \
  --model joint-4/model.safetensors --out joint-whole.safetensors
signalcam extract --model joint-whole.safetensors --precision-of-weights float16 --out joint.safetensors
both="--task joint --join normal-abnormal --join super --epochs 60 $last --teaching consistent"
train medium $both --options "$options/medium.json" --seed 1 --teacher joint-1/model.safetensors --teacher joint-2/model.safetensors \
  --teacher joint-3/model.safetensors --teacher joint-4/model.safetensors
for seed in 1 2 3; do
  train "small-$seed" $both --options "$options/small.json" --seed $seed --teacher joint-whole.safetensors
done

if [ "${2:-}" != install ]; then exit 0; fi
calibrated() { # NAME RUN TASK RULE PRECISION
  signalcam extract --model "$2" --task "$3" --precision-of-weights "$5" --out "$1.part.safetensors"
  signalcam calibrate --data "$data" --model "$1.part.safetensors" --folds 9 --threshold "$4" --out "$1.safetensors"
}
calibrated normal-abnormal small-1/model.safetensors normal-abnormal accuracy float32
calibrated super small-1/model.safetensors super f1 float32
calibrated super-medium medium/model.safetensors super f1 float16
for name in normal-abnormal super super-medium; do cp "$name.safetensors" "$shipped"; done
# What the ensemble answers, each a head of one network.
cp joint.safetensors "$shipped"
for task in super sub diag form rhythm all; do
  name=$task; if [ $task = super ]; then name=super-large; fi
  calibrated $name joint.safetensors $task f1 float16
  dotnet run --file "$root/build/weights/Head.cs" -- $name.safetensors "$shipped/$name.head.safetensors"
done
(cd "$root" && build_log src/SignalCam.Cli/SignalCam.Cli.csproj)
for card in normal-abnormal super super-medium super-large sub diag form rhythm all; do
  signalcam card --model "$card" --data "$data" --folds 9 --out "$shipped/$card.md"
done
