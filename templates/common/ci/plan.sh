#!/usr/bin/env bash
# Synthesizes, checks and plans this change against a base, and leaves the reports in report/.
#
#   ci/plan.sh [BASE]    BASE is a git ref; default: origin/main, or $BASE
#
# The exit code is that of the first step that failed, else that of the plan: 1 when it has findings, 2 when it could not be made.
set -euo pipefail
cd "$(dirname "$0")/.."

base=${1:-${BASE:-origin/main}}
mkdir -p report
rm -f report/plan.md report/plan.json report/plan.txt

# What went wrong before there was a plan is the report then.
failed() {
  printf '<!-- seatrial:plan -->\n## ❌ No plan: `npm run %s` failed\n\n~~~~text\n%s\n~~~~\n' "$1" "$(head -c 30000 report/failed.txt)" > report/plan.md
  exit "$2"
}

for step in synth check; do
  code=0
  npm run --silent "$step" > report/failed.txt 2>&1 || code=$?
  cat report/failed.txt
  [ "$code" -eq 0 ] || failed "$step" "$code"
done

against=()
if git rev-parse --verify --quiet "$base^{commit}" > /dev/null; then
  against=(--base "$base")
else
  echo "There is no $base: everything counts as new." >&2
fi

code=0
npm run --silent plan -- ${against[@]+"${against[@]}"} > report/plan.txt 2> report/failed.txt || code=$?
cat report/plan.txt
cat report/failed.txt >&2
[ "$code" -le 1 ] || failed plan "$code"
for format in markdown json; do
  extension=$([ "$format" = markdown ] && echo md || echo json)
  npm run --silent plan -- ${against[@]+"${against[@]}"} --fail-on never --format "$format" > "report/plan.$extension"
done
rm -f report/failed.txt
exit "$code"
