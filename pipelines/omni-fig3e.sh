#!/bin/bash
# OMNI, figure 3e: the time at which 3d generalises, by the number of items.
. "$(dirname "$0")/omni.sh"
digits
sizes=100,150,200,300,400,500,700,1000,1500,2000,3000,5000 more=() what="$data, as 3d"
at_paper_scale || { sizes=50,100,200,400,1600 more=(--widths 64x64 --init-scale 6 --weight-decay 0.2 --batch 100 --steps 10000
    --precision fp32 --eval-items 1000) what="$data, MLP 784-64-64-10, alpha 6, AdamW, decay 0.2, 10000 updates"; }
show -- trained "$data-sizes" --preset omni-mnist --task "$data" --size $sizes --stop 'test_acc>=0.6 for 4' "${more[@]}"
ready
parameters=("sizes=$(n_values $sizes)")
measures runs --level 0.6,0.95
plot "$out.runs.tsv" 'OMNI 3e: time to generalise' -x size -y step_test_60 --by none --log-x --log-y --style linespoints \
    --xlabel 'train items' --ylabel 'updates to 60 % of test'
judge "$out.runs.tsv"
