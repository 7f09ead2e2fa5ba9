#!/bin/bash
# OMNI, figure 3d: MNIST groks when its network begins large.
. "$(dirname "$0")/omni.sh"
digits
more=() what="$data, 1000 items, MLP 784-200-200-10, alpha 8, AdamW, decay 0.01"
at_paper_scale || { more=(--size 300 --widths 100x100 --init-scale 6 --weight-decay 0.05 --batch 100 --steps 20000
    --precision fp32 --eval-items 2000) what="$data, 300 items, MLP 784-100-100-10, alpha 6, AdamW, decay 0.05"; }
show -- trained "$data-grokking" --preset omni-mnist --task "$data" "${more[@]}"
ready
curves train_acc,test_acc,l2_norm
plot "$out.tsv" 'OMNI 3d: grokking on images' -y train_acc,test_acc --by none
cp "$out.tsv" "$out-norm.tsv"
plot "$out-norm.tsv" 'OMNI 3d: norm' -y l2_norm --by none
measures runs --level 0.7,0.95 --max-left 0.15
judge "$out.runs.tsv" "$out.tsv"
