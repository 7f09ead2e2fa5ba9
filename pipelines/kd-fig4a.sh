#!/bin/bash
# KD, figure 4a: p2 below the critical size, without teacher: it memorises, and that is all.
. "$(dirname "$0")/kd.sh"
for task in $TASKS; do
    for fraction in "$below" "$far"; do
        show panel="$task" task="$task" set=p2 method=alone fraction="$fraction" optimizer=adamw curve="AdamW,$fraction" \
            -- alone "$task" adamw "$fraction"
        show optimizer=adam curve="Adam,$fraction" -- alone "$task" adam "$fraction"
    done
done
ready
curves train_acc,test_acc,l2_norm
draw 'KD 4a: p2 below the critical size, no teacher' -y train_acc,test_acc --yrange -0.02:1.02
measures runs
judge "$out.runs.tsv"
