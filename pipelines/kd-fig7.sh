#!/bin/bash
# KD, figure 7: the teacher of p1 goes on with p2, a) what it keeps of p1, b) what it learns of p2; without KD, and with KL at the
# operator token (op), on p1's items with the operands of p2's (swap), on p1's own train items (replay).
. "$(dirname "$0")/kd.sh"
fractions="$above $below $far"
[ "$SCALE" = paper ] || fractions="$above $far"
for task in $TASKS; do
    for fraction in $fractions; do
        for mode in none op swap replay; do
            show panel="$task,p2=$fraction" task="$task" optimizer=adamw method=$mode fraction="$fraction" curve=$mode \
                -- continued "$task" $mode "$fraction"
        done
        show method=alone curve=scratch -- alone "$task" adamw "$fraction"
    done
done
scratch=("${operands[@]}")
parameters+=("fractions=$fractions")
ready
only_continued() {    # the tags and files of continued runs
    local operand
    operands=()
    for operand in "${scratch[@]}"; do
        case $operand in */*-alone-*) ;; *) operands+=("$operand") ;; esac
    done
}
only_continued
curves p1/test_acc,p2/test_acc    # in these files p1 is what is learnt now (p2 of the paper), and p2 what the teacher had learnt
draw 'KD 7b: on from p1 to p2, accuracy on p2' -y p1/test_acc --ylabel 'test accuracy on p2' --bold op
draw_also a 'KD 7a: on from p1 to p2, accuracy on p1' -y p2/test_acc --ylabel 'test accuracy on p1' --bold op
measures p2 --train p1/train_acc --test p1/test_acc set=p2
measures p1 --train p1/train_acc --test p2/test_acc set=p1
operands=(set=p2)
for ((i = 0; i < ${#scratch[@]}; i++)); do
    case ${scratch[i]} in *-alone-*|[a-z]*=*) operands+=("${scratch[i]}") ;; esac
done
measures scratch
judge "$out.p1.tsv" "$out.p2.tsv" "$out.scratch.tsv" "$out.tsv"
