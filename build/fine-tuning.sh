#!/usr/bin/env bash
# Compares fine-tuning with training from scratch: the macro ROC-AUC of task rhythm on fold 9 of PTB-XL, three seeds each.
#   SIGNALCAM_PTBXL=FOLDER build/fine-tuning.sh [COUNT...]   numbers of training recordings [500 1000 2000]
# Recordings come from folds 1 to 7, the last epoch is kept, and the settings were chosen on fold 8. Prints a line per training.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0; fi
. build/common.sh
data=${SIGNALCAM_PTBXL:?the folder of PTB-XL}
need python3 python3
build/setup.sh
tool=$PWD/artifacts/bin/SignalCam.Cli/release/signalcam.dll
build_if_stale src/SignalCam.Cli/SignalCam.Cli.csproj "$tool"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo '{ "selection": "last-epoch", "torchThreads": 1 }' > "$work/options.json"

tables() { # COUNT SEED: a label table to learn from, and that of fold 9
  python3 - "$data" "$work" "$1" "$2" <<'PYTHON'
import ast, csv, random, sys
data, work, count, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
rhythms = {row[""] for row in csv.DictReader(open(f"{data}/scp_statements.csv")) if row["rhythm"]}
rows = [(row, rhythms & set(ast.literal_eval(row["scp_codes"]))) for row in csv.DictReader(open(f"{data}/ptbxl_database.csv"))]
of = lambda first, last: [r for r in rows if r[1] and first <= int(r[0]["strat_fold"]) <= last]
train, valid = of(1, 7), of(8, 8)
random.Random(seed).shuffle(train)
random.Random(0).shuffle(valid)
for name, chosen in (("learn", train[:count] + valid[:150]), ("fold9", of(9, 9))):
    with open(f"{work}/{name}.csv", "w") as table:
        print("recording,file,patient,fold,codes", file=table)
        for row, codes in chosen:
            print(row["ecg_id"], row["filename_lr"], int(float(row["patient_id"])), row["strat_fold"], ";".join(sorted(codes)), sep=",", file=table)
PYTHON
}

measure() { # NAME COUNT SEED ARGUMENTS...
  local name=$1 count=$2 seed=$3; shift 3
  dotnet "$tool" train --data "$data" --labels "$work/learn.csv" --task rhythm --train-folds 1-7 --valid-folds 8 --seed "$seed" \
    --options "$work/options.json" --preset small-data --out "$work/$name.safetensors" "$@" > "$work/log" || { cat "$work/log" >&2; exit 1; }
  dotnet "$tool" evaluate --data "$data" --labels "$work/fold9.csv" --model "$work/$name.safetensors" --bootstrap 0 --json "$work/figures.json" > "$work/log"
  printf '%s recordings, seed %s, %s: macro ROC-AUC %s\n' "$count" "$seed" "$name" \
    "$(python3 -c 'import json, sys; print(round(json.load(open(sys.argv[1]))["macro_roc_auc"], 4))' "$work/figures.json")"
}

for count in "${@:-500 1000 2000}"; do for n in $count; do for seed in 1 2 3; do
  tables "$n" "$seed"
  measure fine-tuned "$n" "$seed" --from super
  measure scratch "$n" "$seed" --head-learning-rate 5e-3
  measure scratch-40-epochs "$n" "$seed" --head-learning-rate 5e-3 --epochs 40
done; done; done
