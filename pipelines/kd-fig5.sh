#!/bin/bash
# KD, figure 5: a larger model on p1 (30 %) and p2 (fewer and fewer) at once, a) from labels, b) from two teachers alone: that of
# p1, and for p2 the student of figures 2b and 4b that was itself taught on the same items.
. "$(dirname "$0")/kd.sh"
for task in $TASKS; do
    for fraction in "$above" "$below" "$far"; do
        show panel="$task,labels" task="$task" optimizer=adamw method=joint fraction="$fraction" fraction1="$enough" \
            teachers=none curve="p2=$fraction" -- joint "$task" "$enough" "$fraction"
        taught "$task" adamw "$fraction"
        show panel="$task,teachers" method=kd-only teachers=taught \
            -- kd_only "$task" "$enough" "$fraction" "taught-adamw-f$fraction$setting"
    done
done
joint=("${operands[@]}") operands=()
for task in $TASKS; do
    for fraction in "$above" "$below" "$far"; do
        show task="$task" optimizer=adamw method=taught set=p2 fraction="$fraction" -- taught "$task" adamw "$fraction"
    done
done
ready
measures teachers
operands=("${joint[@]}")
curves test_acc,p1/test_acc,p2/test_acc
draw 'KD 5: a larger model on p1 and p2, accuracy on both' -y test_acc
draw_also p1 'KD 5: a larger model on p1 and p2, accuracy on p1' -y p1/test_acc --ylabel 'test accuracy on p1'
draw_also p2 'KD 5: a larger model on p1 and p2, accuracy on p2' -y p2/test_acc --ylabel 'test accuracy on p2'
measures_of_joint
judge "$out.joint.tsv" "$out.p1.tsv" "$out.p2.tsv" "$out.teachers.tsv"
