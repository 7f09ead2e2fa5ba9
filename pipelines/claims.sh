#!/bin/bash
# claims.sh -- all verdicts so far as one table: $BUILD/*/SCALE/*.claims.tsv -> $1 (Markdown), $1 without .md + .tsv.
set -eu
out=$1

# counts TABLE: how many claims of each figure passed and failed, those of the papers and ours (notes begin with "ours") apart.
counts() {
    echo '| figure | scale | setting | PASS | FAIL | INCONCLUSIVE | SKIP |'
    echo '|---|---|---|---|---|---|---|'
    awk -F '\t' '/^#/ { next }
        !n_column { n_column = NF; for (i = 1; i <= NF; i++) at[$i] = i; next }
        { figure = $at["id"]; sub(/\..*/, "", figure); verdict = $at["verdict"]
          if ($at["note"] ~ /^ours/) figure = figure " (ours)"
          if (sub(/^stand-in /, "", verdict)) figure = figure " (stand-in data)"
          row = figure " | " $at["scale"] " | " $at["setting"]
          if (!(row in seen)) { seen[row]; rows[++n] = row }
          count[row, verdict]++ }
        END { for (i = 1; i <= n; i++) print "| " rows[i] " | " count[rows[i], "PASS"] " | " count[rows[i], "FAIL"] " | " \
            count[rows[i], "INCONCLUSIVE"] " | " count[rows[i], "SKIP"] " |" }' "$1"
}
shopt -s nullglob
tables=("${BUILD:-build}"/{kd,omni}/*/*.claims.tsv)
[ ${#tables[@]} -gt 0 ] || { echo 'claims.sh: no claims yet: make kd-fig4b, or make kd' >&2; exit 1; }
grok-claims -o "${out%.md}.tsv" "${tables[@]}"
{
    cat << 'END'
# Claims

Every claim that was judged, by `make claims` from what was run. `make kd-fig4b SCALE=paper` makes the figure that a claim is
named after, and its verdict; how a claim is read stands in `pipelines/kd.claims` and `pipelines/omni.claims`. PASS and FAIL
are about our reading at this scale; INCONCLUSIVE: too few seeds, or decided by what never happened; SKIP: not run. A setting
other than the scale's own is named (t4-a0.9: temperature 4, weight of KL 0.9).

END
    counts "${out%.md}.tsv"
    echo
    grok-claims --markdown "${out%.md}.tsv"
} > "$out.tmp"
mv "$out.tmp" "$out"
grep -v '^#' "${out%.md}.tsv" | tail -n +2 | cut -f 8 | sort | uniq -c
