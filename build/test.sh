#!/usr/bin/env bash
# Builds everything and runs every test; ends with the counts.
#   SIGNALCAM_PTBXL=FOLDER    real PTB-XL, for the tests that need it (otherwise they are skipped, with the reason)
#   SIGNALCAM_SHARED=FOLDER   expected values from independent software (default: the folder `shared` beside the checkout)
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0; fi
. build/common.sh
build/setup.sh

projects=(tests/*.Tests/*.csproj)
if [ -z "${SIGNALCAM_PTBXL:-}" ]; then say "SIGNALCAM_PTBXL is not set: the tests on real PTB-XL are skipped"; fi

# Software needed by some tests: ONNX's checker, a browser, a broker, a database. Without it these tests are skipped, with
# the reason.
tools=()
/usr/bin/python3 -c 'import onnx' 2> /dev/null || tools+=(python3-onnx)
command -v chromium > /dev/null || tools+=(chromium)
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || tools+=(rabbitmq-server)
ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || tools+=(postgresql)
if [ ${#tools[@]} -gt 0 ]; then (install_packages "${tools[@]}") || say "going on without ${tools[*]}: the tests that need them are skipped"; fi

say "building"
build_log SignalCam.Sdk.sln
passed=0 failed=0 skipped=0 broken=0
for project in "${projects[@]}"; do
  name=$(basename "$project" .csproj)
  log=artifacts/test-$name.log
  build_log "$project"
  rm -f "artifacts/test-$name.trx"
  dotnet test "$project" -c "$configuration" --no-build --nologo -v quiet --logger "console;verbosity=normal" \
    --results-directory artifacts --logger "trx;LogFileName=test-$name.trx" > "$log" 2>&1 && code=0 || code=$?
  count() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1; }
  p=$(count Passed); f=$(count Failed); s=$(count Skipped)
  p=${p:-0} f=${f:-0} s=${s:-0}
  printf '%-28s %5d passed %5d failed %5d skipped\n' "$name" "$p" "$f" "$s"
  if [ "$s" -gt 0 ]; then
    grep -A4 'outcome="NotExecuted"' "artifacts/test-$name.trx" | sed -n 's:.*<Message>\(.*\)</Message>.*:\1:p' | sort | uniq -c \
      | sed 's/^ *\([0-9]*\) /    \1 skipped: /'
  fi
  if [ "$code" != 0 ]; then
    grep -vE '^ *Passed ' "$log" | tail -n 200
    # A run that dies without a failed test is broken too.
    if [ "$f" = 0 ]; then broken=$((broken + 1)); fi
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
failed=$((failed + broken))
if [ "$broken" -gt 0 ]; then say "$broken test projects ended without a result; each is counted as one failure"; fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
