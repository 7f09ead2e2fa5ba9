#!/bin/bash
# KD, further claim 3: do taught students generalise while their norm still rises (against clean-up by weight decay)?  Beside
# it the losses of Nanda et al. 2023, restricted to the key frequencies and without them; and what a teacher's operator token
# knows of the answer, which it was never trained to give.
. "$(dirname "$0")/kd.sh"
kept=(--snapshot-growth 1.3) keep=params
for task in $TASKS; do
    show panel="$task" task="$task" set=p2 fraction="$above" method=taught optimizer=adam curve=Adam+teacher \
        -- taught "$task" adam "$above" "${kept[@]}"
    show optimizer=adamw curve=AdamW+teacher -- taught "$task" adamw "$above" "${kept[@]}"
done
students=("${operands[@]}") operands=()
for task in $TASKS; do
    show panel="$task" task="$task" set=p1 optimizer=adamw method=alone curve=teacher -- teacher "$task" adamw "${kept[@]}"
done
grokked=("${operands[@]}")
for task in $TASKS; do
    show task="$task" method=memorised-teacher curve=memorised -- memorised_teacher "$task"
    show method=untrained-teacher curve=untrained -- untrained_teacher "$task"
done
ready
tabulate "$out.operator.tsv" grok-fourier --last
operands=("${grokked[@]}" "${students[@]}")
tabulate "$out-fourier.tsv" grok-fourier
tabulate "$out.norms.tsv" grok-norms --from snapshots
which_run=task,optimizer,method,seed,step
[ ! -e "$out-fourier.tsv" ] || grok-rows --where 'method = taught' --drop op_answer,op_key --key "$which_run" \
    --join <(grok-rows --select "$which_run,l2_norm" "$out.norms.tsv") -o "$out.structure.tsv" "$out-fourier.tsv"
rm -f "$out.norms.tsv"
operands=("${students[@]}")
curves test_loss,test_acc,l2_norm
draw 'KD x3: test accuracy and norm of taught students' -y test_acc,l2_norm
out_of_figure=$out out=$out-fourier
draw 'KD x3: losses with the key frequencies alone, and without them' -y loss,restricted_loss,excluded_loss --log-y \
    --ylabel 'nats'
out=$out_of_figure
measures runs
judge "$out.runs.tsv" "$out.operator.tsv" "$out.tsv" "$out.structure.tsv"
