#!/usr/bin/env bash
# Compares fine-tuning with training from scratch: ROC-AUC of task rhythm on fold 9 of PTB-XL, three seeds each.
#   SIGNALCAM_PTBXL=FOLDER build/fine-tuning.sh [COUNT...]   numbers of training recordings [500 1000 2000]
#   EPOCHS=N                                                 epochs of both ways [those of the preset]
# Recordings are drawn from folds 1 to 7, a new draw for each seed, with each class in at least five of them. Both ways learn from the
# same recordings in the same number of steps. Prints a line per training, then the tables.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0; fi
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
classes = {row[""] for row in csv.DictReader(open(f"{data}/scp_statements.csv")) if row["rhythm"]}
rows = [(row, classes & set(ast.literal_eval(row["scp_codes"]))) for row in csv.DictReader(open(f"{data}/ptbxl_database.csv"))]
of = lambda first, last: [r for r in rows if r[1] and first <= int(r[0]["strat_fold"]) <= last]
train, valid = of(1, 7), of(8, 8)
random.Random(seed).shuffle(train)
drawn = []
for rare in sorted(classes, key=lambda c: (sum(c in r[1] for r in train), c)):
    missing = 5 - sum(rare in r[1] for r in drawn)
    drawn += [r for r in train if rare in r[1] and r not in drawn][:max(0, missing)]
chosen = {r[0]["ecg_id"] for r in drawn}
drawn += [r for r in train if r[0]["ecg_id"] not in chosen][:count - len(drawn)]
# The training validates after each epoch, which decides nothing here: a few recordings do.
for name, chosen in (("learn", drawn + valid[:32]), ("fold9", of(9, 9))):
    with open(f"{work}/{name}.csv", "w") as table:
        print("recording,file,patient,fold,codes", file=table)
        for row, codes in chosen:
            patient = int(float(row["patient_id"]))
            print(row["ecg_id"], row["filename_lr"], patient, row["strat_fold"], ";".join(sorted(codes)), sep=",", file=table)
PYTHON
}

measure() { # NAME COUNT SEED ARGUMENTS...
  local name=$1 count=$2 seed=$3; shift 3
  local figures=$work/figures-$count-$seed-$name.json
  dotnet "$tool" train --data "$data" --labels "$work/learn.csv" --task rhythm --train-folds 1-7 --valid-folds 8 --seed "$seed" \
    --options "$work/options.json" --preset small-data ${EPOCHS:+--epochs "$EPOCHS"} --out "$work/$name.safetensors" "$@" > "$work/log" \
    || { cat "$work/log" >&2; exit 1; }
  dotnet "$tool" evaluate --data "$data" --labels "$work/fold9.csv" --model "$work/$name.safetensors" --bootstrap 0 \
    --json "$figures" > "$work/log"
  printf '%s recordings, seed %s, %s: macro ROC-AUC %s\n' "$count" "$seed" "$name" \
    "$(python3 -c 'import json, sys; print(round(json.load(open(sys.argv[1]))["macro_roc_auc"], 3))' "$figures")"
}

if [ $# = 0 ]; then set -- 500 1000 2000; fi
for count in "$@"; do for seed in 1 2 3; do
  tables "$count" "$seed"
  measure fine-tuned "$count" "$seed" --from super
  measure scratch "$count" "$seed" --learning-rate 5e-3 --head-learning-rate 5e-3
done; done

python3 - "$work" "$@" <<'PYTHON'
import json, sys
work, counts = sys.argv[1], sys.argv[2:]
mean = lambda values: sum(values) / len(values)
read = lambda count, way: [json.load(open(f"{work}/figures-{count}-{seed}-{way}.json")) for seed in (1, 2, 3)]
by_class = lambda run: {c: m["roc_auc"] for c, m in run["by_class"].items()}
classes = {c: m["tp"] + m["fn"] for c, m in read(counts[0], "scratch")[0]["by_class"].items()}
# Fewer than a dozen positive recordings place a curve by chance.
common = [c for c, positives in classes.items() if positives >= 12]
cell = lambda values: f"**{mean(values):.3f}** ({', '.join(f'{v:.3f}' for v in values)})"
for title, figure in (("macro ROC-AUC", lambda run: run["macro_roc_auc"]),
                      (f"mean ROC-AUC of {', '.join(common)}", lambda run: mean([by_class(run)[c] for c in common]))):
    print(f"\n| {title} | fine-tuned | from scratch | difference |\n|---|---|---|---|")
    for count in counts:
        tuned, scratch = ([figure(run) for run in read(count, way)] for way in ("fine-tuned", "scratch"))
        print(f"| {count} recordings | {cell(tuned)} | {cell(scratch)} | {mean(tuned) - mean(scratch):+.3f} |")
print("\n| class (positive in fold 9) |" + "".join(f" {count} fine-tuned | {count} scratch |" for count in counts))
print("|---" * (1 + 2 * len(counts)) + "|")
for c, positives in classes.items():
    values = [mean([by_class(run)[c] for run in read(count, way)]) for count in counts for way in ("fine-tuned", "scratch")]
    print(f"| {c} ({positives}) |" + "".join(f" {v:.3f} |" for v in values))
PYTHON
