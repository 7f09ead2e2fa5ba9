#!/bin/bash
# OMNI, further claim 1: images from the usual initial norm (3d at alpha 1) do not grok.
. "$(dirname "$0")/omni.sh"
digits
more=() what="$data, 1000 items, MLP 784-200-200-10, alpha 1, AdamW, decay 0.01"
at_paper_scale || { more=(--size 300 --widths 100x100 --weight-decay 0.05 --batch 100 --steps 4000 --precision fp32
    --eval-items 2000) what="$data, 300 items, MLP 784-100-100-10, alpha 1, AdamW, decay 0.05"; }
show -- trained "$data-standard" --preset omni-mnist --init-scale 1 --task "$data" "${more[@]}"
ready
curves train_acc,test_acc,l2_norm
plot "$out.tsv" 'OMNI: images from the usual norm' -y train_acc,test_acc --by none
measures runs --max-left 0.15
judge "$out.runs.tsv"
