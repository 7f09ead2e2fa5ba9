#!/bin/bash
# KD, further claim 1: what figures 2b and 4b show does not depend on the primes.
. "$(dirname "$0")/kd.sh"
for pair in $other_primes; do
    with_primes "${pair%:*}" "${pair#*:}"
    for task in $TASKS; do
        for optimizer in adamw adam; do
            for fraction in "$above" "$below"; do
                show panel="$p1-to-$p2" primes="$p1-$p2" task="$task" optimizer=$optimizer fraction="$fraction" set=p2 \
                    method=taught curve="$optimizer,$fraction+teacher" -- taught "$task" $optimizer "$fraction"
                show method=alone curve="$optimizer,$fraction" -- alone "$task" $optimizer "$fraction"
            done
        done
    done
done
ready
# shellcheck disable=SC2034    # for the caption
which='p1 to p2 as above'
curves test_acc
draw 'KD x1: other primes' -y test_acc --bold +teacher
measures runs
judge "$out.runs.tsv"
