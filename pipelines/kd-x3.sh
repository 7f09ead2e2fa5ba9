#!/bin/bash
# KD, further claim 3: do taught students generalise while their norm still rises (against clean-up by weight decay)?
. "$(dirname "$0")/kd.sh"
for task in $TASKS; do
    show panel="$task" task="$task" set=p2 fraction="$above" method=taught optimizer=adam curve=Adam+teacher \
        -- taught "$task" adam "$above"
    show optimizer=adamw curve=AdamW+teacher -- taught "$task" adamw "$above"
done
ready
curves test_loss,test_acc,l2_norm
draw 'KD x3: test accuracy and norm of taught students' -y test_acc,l2_norm --log-y
measures runs
judge "$out.runs.tsv"
