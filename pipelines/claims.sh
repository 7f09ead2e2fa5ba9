#!/bin/bash
# claims.sh -- all verdicts so far as one table: $BUILD/PAPER/SCALE/*.claims.tsv -> $1 (Markdown), $1 without .md + .tsv.
set -eu
out=$1

# counts TABLE: how many claims of each figure passed and failed, those of the papers and ours (notes begin with "ours") apart,
# and what to run for them.
counts() {
    echo '| figure | PASS | FAIL | INCONCLUSIVE | SKIP | command |'
    echo '|---|---|---|---|---|---|'
    grok-rows --select id,scale,setting,note,verdict "$1" | tail -n +2 | awk -F '\t' '
        { figure = $1; sub(/\..*/, "", figure); command = "make " figure; setting = $3; verdict = $5
          if ($2 != "quick") command = command " SCALE=" $2
          if (match(setting, /(^|-)(fp32|fp64|tf32|bf16)$/)) {
              precision = substr(setting, RSTART); sub(/^-/, "", precision)
              command = command " PRECISION=" precision; setting = substr(setting, 1, RSTART - 1)
          }
          if (match(setting, /(^|-)(lr[-+]30|size[-+]1|seeds[+][0-9]+|loss)$/)) {
              variant = substr(setting, RSTART); sub(/^-/, "", variant)
              command = command " VARIANT=" variant; setting = substr(setting, 1, RSTART - 1)
          }
          if (setting == "draw58") command = command " DRAW=58"
          if (split(setting, kd, /^t|-a/) == 3) command = command " TEMPERATURE=" kd[2] " KD_WEIGHT=" kd[3]
          if ($4 ~ /^ours/) figure = figure " (ours)"
          if (sub(/^stand-in /, "", verdict)) figure = figure " (stand-in data)"
          if (!((figure, command) in seen)) { seen[figure, command]; figures[++n] = figure; commands[n] = command }
          count[figure, command, verdict]++ }
        END { for (i = 1; i <= n; i++) {
            line = "| " figures[i]
            for (j = 1; j <= split("PASS FAIL INCONCLUSIVE SKIP", name, " "); j++)
                line = line " | " count[figures[i], commands[i], name[j]]
            print line " | `" commands[i] "` |" } }'
}
shopt -s nullglob extglob
tables=("${BUILD:-build}"/*/@(quick|paper)/*.claims.tsv)    # paper by paper
[ ${#tables[@]} -gt 0 ] || { echo 'claims.sh: no claims yet: make kd-fig4b, or make kd' >&2; exit 1; }
grok-claims -o "${out%.md}.tsv" "${tables[@]}"
{
    cat << 'END'
# Claims

Every claim that was judged, by `make claims` from what was run. `make kd-fig4b SCALE=paper` makes the figure that a claim is
named after, and its verdict; [register.md](register.md) has what was laid down for each, beside its predicate; `grok-claims
--explain ID` shows one with its rows. PASS and FAIL are about our reading at this scale; INCONCLUSIVE: what stands under
"missing" would have to be there (at paper scale a claim asks for five seeds, of SHIFT for ten, each operator and its
whole grid), or training ended before it was decided; SKIP: not run, or not kept. Behind what is missing stand how much of a
grid was run, if not all of it, and which operators or tasks the verdict is of. The verdicts of a claim at other settings
stand beside it, and what its runs were made with, where their tables say so: device, precision, program with its commit,
checksum of the data, which seeds, and the commands that trained them, below. A claim that compares methods or
architectures, or is about each of them, says whether all were tuned with the same effort ("alike", or what differs). A
setting other than the scale's own is named (t4-a0.9: temperature 4, weight of KL 0.9).

END
    counts "${out%.md}.tsv"
    echo
    grok-claims --markdown "${out%.md}.tsv"
} > "$out.tmp"
mv "$out.tmp" "$out"
grok-rows --select verdict "${out%.md}.tsv" | tail -n +2 | sort | uniq -c
