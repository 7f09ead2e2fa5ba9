#!/bin/bash
# OMNI, figure 12: MNIST with cross-entropy, 200 items and a very large beginning: test accuracy waits on a plateau.
. "$(dirname "$0")/omni.sh"
digits
more=(--steps 100000) what="$data, 200 items, cross-entropy, alpha 100, MLP 784-200-200-10, AdamW, decay 0.01"
at_paper_scale || { more=(--widths 64x64 --steps 20000 --weight-decay 0.1 --precision fp32 --eval-items 1000)
    what="$data, 200 items, cross-entropy, alpha 100, MLP 784-64-64-10, AdamW, decay 0.1"; }
show -- trained "$data-ce" --preset omni-mnist --task "$data" --loss ce --size 200 --init-scale 100 --batch full "${more[@]}"
ready
curves train_acc,test_acc,l2_norm
plot "$out.tsv" 'OMNI 12: cross-entropy, alpha 100' -y train_acc,test_acc --by none
measures runs --max-left 0.15
judge "$out.runs.tsv" "$out.tsv"
