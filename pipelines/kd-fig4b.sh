#!/bin/bash
# KD, figure 4b: p2 below the critical size, with a teacher that grokked p1 (KL at the operator token): it generalises.
# Fractions between give the critical size with and without teacher.
. "$(dirname "$0")/kd.sh"
for task in $TASKS; do
    show panel="$task" task="$task" set=p2 method=taught fraction="$below" optimizer=adamw curve=AdamW+teacher \
        -- taught "$task" adamw "$below"
    show optimizer=adam curve=Adam+teacher -- taught "$task" adam "$below"
    show optimizer=adamw method=alone curve=AdamW -- alone "$task" adamw "$below"
    show optimizer=adam curve=Adam -- alone "$task" adam "$below"
done
drawn=("${operands[@]}")
for task in $TASKS; do    # for the critical sizes
    for fraction in "$above" "$far"; do
        for optimizer in adamw adam; do
            show task="$task" fraction="$fraction" optimizer=$optimizer method=taught -- taught "$task" $optimizer "$fraction"
            show method=alone -- alone "$task" $optimizer "$fraction"
        done
    done
done
ready
measures runs
operands=("${drawn[@]}")
curves train_acc,test_acc,l2_norm
draw "KD 4b: p2 below the critical size, $below of the items" -y test_acc --bold +teacher
judge "$out.runs.tsv"
