#!/usr/bin/env bash
# Measures which lines and branches of src the tests run, into artifacts/coverage/Summary.txt and index.html.
#   build/coverage.sh [PROJECT...]   names of projects in tests, without .Tests: SignalCam.Core ThirdParty [all]
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ]; then sed -n '2,3s/^# \{0,1\}//p' "$0"; exit 0; fi
. build/common.sh
build/setup.sh
dotnet tool restore > /dev/null
projects=(tests/*.Tests)
if [ $# -gt 0 ]; then projects=("${@/#/tests/}"); projects=("${projects[@]/%/.Tests}"); fi
rm -rf artifacts/coverage
failed=0
# Assemblies are rewritten in place while they are measured, and outputs are links to one another's: what an interrupted run leaves behind
# is removed, and the next build copies it again.
trap 'rm -f artifacts/bin/*/"${configuration,,}"/SignalCam.*.dll artifacts/bin/*/"${configuration,,}"/signalcam.dll; exit 130' INT TERM
for project in "${projects[@]}"; do
  name=$(basename "$project")
  say "$name"
  build_log "$project/$name.csproj"
  # The viewer's and the tool's processes that tests start are not measured.
  dotnet test "$project" -c "$configuration" --no-build --nologo -v quiet --results-directory "artifacts/coverage/$name" \
    --collect "XPlat Code Coverage" -- DataCollectionRunSettings.DataCollectors.DataCollector.Configuration.Include='[SignalCam.*]*,[signalcam]*' \
    > "artifacts/coverage-$name.log" 2>&1 || { failed=1; say "$name has failures: artifacts/coverage-$name.log"; }
done
# What the compiler generates is nobody's to test.
dotnet reportgenerator "-reports:artifacts/coverage/*/*/coverage.cobertura.xml" -targetdir:artifacts/coverage \
  "-reporttypes:Html;TextSummary" "-assemblyfilters:+SignalCam.*;+signalcam;-*Tests" \
  "-filefilters:-*.g.cs" > artifacts/coverage/report.log
grep -E 'Line coverage|Branch coverage|^[Ss]ignal[Cc]am[^ ]* ' artifacts/coverage/Summary.txt
exit $failed
