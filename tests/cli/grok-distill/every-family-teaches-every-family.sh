# Teachers and bases of every model, for students of every model: with the initial law that auto stands for, wherever KL is taken.
tiny=(--threads 1 --steps 3 --log-every 1 -q --force)
declare -A family=([transformer]='--model transformer --d-model 8 --n-head 2 --d-mlp 8'
                   [embed]='--model mlp --input embed --d-model 8 --widths 8x8'
                   [onehot]='--model mlp --input onehot --widths 8x8')
kd_loss() { grok-log -m kd_loss "$1" | awk -F '\t' '/^#/ { next } !at { while ($++at != "kd_loss") { } next } { print $at }'; }
finite() { kd_loss "$1" | awk '{ n++; bad += $1 !~ /^-?[0-9]/ } END { exit !n || bad }'; }

for teacher in "${!family[@]}"; do
    read -ra model <<< "${family[$teacher]}"
    grok-train "${tiny[@]}" "${model[@]}" --sequence op-mod --prime 5 --vocab-prime 7 --batch full -o "$teacher.h5"
    law=torch
    [ "$teacher" != transformer ] || law=nanda
    grok-log --config "$teacher.h5" | grep -qx "$(printf 'init\t%s' $law)"
done
for teacher in "${!family[@]}"; do
    for student in "${!family[@]}"; do
        read -ra model <<< "${family[$student]}"
        grok-distill --teacher "$teacher.h5" "${tiny[@]}" "${model[@]}" --prime 7 --vocab-prime 7 --fraction 0.5 \
            --kl-at 'op,last,both' -o s.h5 2> /dev/null
        finite s.h5
    done
    for mode in op swap replay; do
        grok-finetune --from "$teacher.h5" "${tiny[@]}" --prime 7 --fraction 0.5 --mode $mode -o c.h5 2> /dev/null
        finite c.h5
    done
done

# in float64 a model is its own teacher to the last digits
read -ra model <<< "${family[transformer]}"
grok-train "${tiny[@]}" "${model[@]}" --precision fp64 --sequence op-mod --prime 7 --vocab-prime 7 --batch full --seed 3 -o t64.h5
grok-finetune --from t64.h5 --precision fp64 --temperature '1,1e6' --prime 7 --mode op --seed 3 --steps 0 -q -o same.h5 \
    2> /dev/null
kd_loss same.h5 | awk '{ n++; bad += $1 > 1e-14 || $1 < -1e-14 } END { exit n != 2 || bad }'
