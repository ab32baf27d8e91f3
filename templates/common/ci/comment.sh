#!/usr/bin/env bash
# Puts report/plan.md on the pull request (GitHub) or merge request (GitLab): one comment, found by its first line and written over.
#
#   GitHub: GITHUB_TOKEN, GITHUB_REPOSITORY, PULL_REQUEST; GITHUB_API_URL for a server of one's own
#   GitLab: SEATRIAL_GITLAB_TOKEN, CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID
#
# A comment that cannot be written (a fork's token may not) is said and fails nothing: the report is an artifact too.
set -euo pipefail
cd "$(dirname "$0")/.."

report=report/plan.md
marker='<!-- seatrial:plan -->'
pages_max=30

if [ ! -s "$report" ]; then
  echo "There is no $report: nothing to comment."
  exit 0
fi

if [ -n "${GITHUB_TOKEN:-}" ] && [ -n "${PULL_REQUEST:-}" ]; then
  api="${GITHUB_API_URL:-https://api.github.com}/repos/$GITHUB_REPOSITORY"
  list="$api/issues/$PULL_REQUEST/comments"
  one="$api/issues/comments"
  update=PATCH
  authorization="Authorization: Bearer $GITHUB_TOKEN"
elif [ -n "${SEATRIAL_GITLAB_TOKEN:-}" ] && [ -n "${CI_MERGE_REQUEST_IID:-}" ]; then
  list="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"
  one="$list"
  update=PUT
  authorization="PRIVATE-TOKEN: $SEATRIAL_GITLAB_TOKEN"
else
  echo "Neither GitHub nor GitLab with a token: no comment."
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Not an argument: those are seen by every process.
(umask 077 && printf '%s\nContent-Type: application/json\n' "$authorization" > "$work/headers")

call() {
  curl --silent --show-error --fail --max-time 30 --header "@$work/headers" "$@"
}

# Prints how many comments a page has, and the id of the first that begins with the marker.
find_comment() {
  node -e '
    const comments = JSON.parse(require("fs").readFileSync(0, "utf8"));
    const ours = comments.find((comment) => String(comment.body).startsWith(process.argv[1]));
    console.log(comments.length, ours ? ours.id : "");
  ' "$marker"
}

node -e '
  const body = require("fs").readFileSync(process.argv[1], "utf8");
  process.stdout.write(JSON.stringify({ body }));
' "$report" > "$work/body"

comment() {
  local id="" count=0 page=1 answer
  while [ "$page" -le "$pages_max" ]; do
    answer=$(call "$list?per_page=100&page=$page" | find_comment) || return 1
    read -r count id <<< "$answer"
    if [ -n "$id" ] || [ "$count" -lt 100 ]; then break; fi
    page=$((page + 1))
  done
  if [ -n "$id" ]; then
    call --request "$update" --data-binary "@$work/body" "$one/$id" > "$work/answer" || return 1
    echo "Updated comment $id."
  else
    call --request POST --data-binary "@$work/body" "$list" > "$work/answer" || return 1
    echo "Commented."
  fi
}

comment || echo "The comment could not be written; the report is in $report." >&2
