#!/bin/bash
# OMNI, figures 10a and 10c: modular addition, the time to generalise by weight decay, and the curves behind it.
. "$(dirname "$0")/omni.sh"
gammas=0.03162278:3.162278:x9 more=(--steps 600000) what='a + b mod 113 from 30 %, transformer, AdamW'
at_paper_scale || { gammas=0.3,0.5,1,2 more=(--prime 47 --d-model 64 --d-mlp 256 --fraction 0.4 --learning-rate 3e-3
    --steps 10000) what='a + b mod 47 from 40 %, transformer, AdamW'; }
show -- trained addition-decay --preset omnigrok-add --precision fp32 --weight-decay $gammas --stop 'test_acc>=0.99 for 20' \
    "${more[@]}"
ready
parameters=("gammas=$(n_values $gammas)")
curves train_acc,test_acc
plot "$out.tsv" 'OMNI 10c: curves' -y test_acc --by weight_decay
measures runs
cp "$out.runs.tsv" "$out-times.tsv"
plot "$out-times.tsv" "OMNI 10a: time to 95 % of test, $(slope weight_decay step_test_95 "$out.runs.tsv" 'step_test_95 > 0')" \
    -x weight_decay -y step_test_95 --by none --log-x --log-y --style linespoints --xlabel 'weight decay gamma' \
    --ylabel 'updates to 95 % of test'
grok-stat order weight_decay step_test_95 -i "$out.runs.tsv" -o "$out.order.tsv"
judge "$out.runs.tsv" "$out.order.tsv"
