#!/bin/bash
# OMNI, figures 10b and 10d: MNIST at alpha 9, the time to generalise by weight decay, and the curves behind it.
. "$(dirname "$0")/omni.sh"
digits
gammas=0.01:3.162278:x11 steps=100000 what="$data, 1000 items, alpha 9, AdamW" level=80
more=(--size 1000 --init-scale 9 --stop 'test_acc>=0.85 for 20')    # above the level, and to stay
at_paper_scale || { gammas=0.03,0.1,0.2,0.5,1,3 steps=10000 what="$data, 300 items, MLP 784-64-64-10, alpha 9, AdamW" level=70
    more=(--size 300 --init-scale 9 --widths 64x64 --batch 100 --steps 10000 --precision fp32 --eval-items 1000); }
show -- trained "$data-decay" --preset omni-mnist --task "$data" --weight-decay $gammas "${more[@]}"
ready
parameters=("gammas=$(n_values $gammas)" "steps=$steps")
curves train_acc,test_acc
plot "$out.tsv" 'OMNI 10d: curves' -y test_acc --by weight_decay
measures runs --level "0.$level,0.95"
rewritten "$out.runs.tsv" --rename "step_test_general=step_test_$level"
cp "$out.runs.tsv" "$out-times.tsv"
within='weight_decay >= 0.09 and weight_decay <= 1.01'
line=$(slope weight_decay step_test_general "$out.runs.tsv" "$within")
plot "$out-times.tsv" "OMNI 10b: time to generalise, $line from 0.1 to 1" -x weight_decay -y step_test_general --by none \
    --log-x --log-y \
    --style linespoints --xlabel 'weight decay gamma' --ylabel "updates to $level % of test"
judge "$out.runs.tsv"
