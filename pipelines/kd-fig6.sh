#!/bin/bash
# KD, figure 6: the larger model from fewer and fewer items of both p1 and p2, from two teachers alone, each of which grokked its
# task on enough items.  (Beside it b of figure 5: p2's teacher a student itself.)
. "$(dirname "$0")/kd.sh"
for task in $TASKS; do
    for fraction in "$above" "$below" "$far"; do
        alone "$task" adamw "$above"
        show panel="$task" task="$task" optimizer=adamw method=kd-only teachers=grokked fraction="$fraction" \
            fraction1="$fraction" curve="both=$fraction" -- kd_only "$task" "$fraction" "$fraction" "alone-adamw-f$above"
    done
done
drawn=("${operands[@]}")
for task in $TASKS; do
    taught "$task" adamw "$far"
    show task="$task" teachers=taught fraction="$far" fraction1="$enough" \
        -- kd_only "$task" "$enough" "$far" "taught-adamw-f$far$setting"
done
ready
measures_of_joint
operands=("${drawn[@]}")
curves test_acc,p1/test_acc,p2/test_acc
draw 'KD 6: a larger model from two teachers alone' -y test_acc
judge "$out.joint.tsv" "$out.p1.tsv" "$out.p2.tsv"
