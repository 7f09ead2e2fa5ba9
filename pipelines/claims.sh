#!/bin/bash
# claims.sh -- all verdicts so far as one table: $BUILD/*/SCALE/*.claims.tsv -> $1 (Markdown), $1 without .md + .tsv.
set -eu
out=$1
shopt -s nullglob
tables=("${BUILD:-build}"/{kd,omni}/*/*.claims.tsv)
[ ${#tables[@]} -gt 0 ] || { echo 'claims.sh: no claims yet: make kd-fig4b, or make kd' >&2; exit 1; }
grok-claims -o "${out%.md}.tsv" "${tables[@]}"
{
    cat << 'END'
# Claims

Every claim that was judged, by `make claims` from what was run. `make kd-fig4b SCALE=paper` makes the figure that a claim is
named after, and its verdict; how a claim is read stands in `pipelines/kd.claims` and `pipelines/omni.claims`. PASS and FAIL
are about our reading at this scale; INCONCLUSIVE: too few seeds, or decided by what never happened; SKIP: not run.

END
    grok-claims --markdown "${out%.md}.tsv"
} > "$out.tmp"
mv "$out.tmp" "$out"
grep -v '^#' "${out%.md}.tsv" | tail -n +2 | cut -f 7 | sort | uniq -c
