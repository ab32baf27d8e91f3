#!/usr/bin/env bash
# Pipes what helm makes for prod into `seatrial plan`. With --base REF it is held against what was rendered in that commit.
set -euo pipefail
cd "$(dirname "$0")"

args=()
while [ $# -gt 0 ]; do
  if [ "$1" = --base ] && [ $# -gt 1 ] && git rev-parse --verify --quiet "$2^{commit}" > /dev/null; then
    mkdir -p report
    if git show "$2:./rendered/prod.yaml" > report/base.yaml 2> /dev/null; then
      args+=(--base report/base.yaml)
    else
      rm -f report/base.yaml
      echo "$2 has no rendered/prod.yaml: everything is new" >&2
    fi
    shift 2
  else
    args+=("$1")
    shift
  fi
done

tsx render.ts prod | seatrial plan - --cluster cluster.ts ${args[@]+"${args[@]}"}
