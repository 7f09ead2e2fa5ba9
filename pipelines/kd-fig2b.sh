#!/bin/bash
# KD, figure 2b: students on p2 at the same 30 %, taught at the operator token by the teacher of figure 2a; beside them the same
# without teacher, and controls: do an ignorant teacher, one that only memorised, or smoothed labels do it as well?
. "$(dirname "$0")/kd.sh"
for task in $TASKS; do
    show panel="$task" task="$task" set=p2 fraction="$above" optimizer=adamw \
        curve=AdamW+teacher method=taught -- taught "$task" adamw "$above"
    show curve=AdamW method=alone -- alone "$task" adamw "$above"
    show optimizer=adam curve=Adam+teacher method=taught -- taught "$task" adam "$above"
    show curve=Adam method=alone -- alone "$task" adam "$above"
    for optimizer in adamw adam; do
        name=AdamW
        [ $optimizer = adamw ] || name=Adam
        show optimizer=$optimizer curve=$name+ignorant method=untrained-teacher -- taught_by untrained "$task" $optimizer "$above"
        show curve=$name+memorised method=memorised-teacher -- taught_by memorised "$task" $optimizer "$above"
        show curve=$name+smoothed method=smoothed -- alone "$task" $optimizer "$above" --label-smoothing 0.1
    done
done
ready
curves train_acc,test_acc,l2_norm
draw "KD 2b: p2, $above of the items" -y test_acc --bold +teacher
measures runs
judge "$out.runs.tsv"
