#!/bin/bash
# KD, figure 3: the norm of all parameters of taught students, for the fractions of figures 2b and 4b and one still smaller.
. "$(dirname "$0")/kd.sh"
for task in $TASKS; do
    for optimizer in adamw adam; do
        for fraction in "$above" "$below" "$far"; do
            show panel="$task,$optimizer" task="$task" optimizer=$optimizer curve="fraction=$fraction" fraction="$fraction" \
                method=taught set=p2 -- taught "$task" $optimizer "$fraction"
        done
    done
done
ready
tabulate "$out.tsv" grok-norms
draw 'KD 3: norm of taught students' -y l2_norm
measures runs
judge "$out.runs.tsv"
