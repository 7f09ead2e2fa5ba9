#!/bin/bash
# KD, figure 2a: plain training on p1, 30 % of the items.  With weight decay (AdamW) it groks; without (Adam) it does not within
# 30000 updates.
. "$(dirname "$0")/kd.sh"
for task in $TASKS; do
    show panel="$task" task="$task" curve=AdamW optimizer=adamw method=alone set=p1 fraction="$enough" -- teacher "$task" adamw
    show curve=Adam optimizer=adam -- teacher "$task" adam
done
ready
curves train_acc,test_acc,l2_norm
draw 'KD 2a: p1 alone' -y train_acc,test_acc
measures runs
judge "$out.runs.tsv"
