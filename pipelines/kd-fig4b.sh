#!/bin/bash
# KD, figure 4b: p2 below the critical size, with a teacher that grokked p1 (KL at the operator token): it generalises.
# Searches find the critical size with and without teacher; at paper scale fractions tell of it that other figures need, too.
. "$(dirname "$0")/kd.sh"
for task in $TASKS; do
    show panel="$task" task="$task" set=p2 method=taught fraction="$below" optimizer=adamw curve=AdamW+teacher \
        -- taught "$task" adamw "$below"
    show optimizer=adam curve=Adam+teacher -- taught "$task" adam "$below"
    show optimizer=adamw method=alone curve=AdamW -- alone "$task" adamw "$below"
    show optimizer=adam curve=Adam -- alone "$task" adam "$below"
done
drawn=("${operands[@]}")
at_paper=''
[ "$SCALE" = quick ] || at_paper="$above $far"
for task in $TASKS; do    # for the critical sizes
    for fraction in $at_paper; do
        for optimizer in adamw adam; do
            show task="$task" fraction="$fraction" optimizer=$optimizer method=taught -- taught "$task" $optimizer "$fraction"
            show method=alone -- alone "$task" $optimizer "$fraction"
        done
    done
done
for task in $TASKS; do
    weigh of=size task="$task" method=taught -- critical_taught "$task"
    weigh method=alone -- critical_alone "$task"
done
ready
measures runs of=grid
outcomes
operands=("${drawn[@]}")
curves train_acc,test_acc,l2_norm
draw "KD 4b: p2 below the critical size, $below of the items" -y test_acc --bold +teacher
judge "$out.runs.tsv" "$out.outcomes.tsv"
