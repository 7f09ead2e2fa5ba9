#!/bin/bash
# OMNI, figure 7: modular addition.  a) The usual training groks, its norm up first and then down; b) at a constant norm, a
# little below the initial one, it generalises at once.
. "$(dirname "$0")/omni.sh"
more=() what='a + b mod 113 from 30 %, transformer of one layer, AdamW'
at_paper_scale || { more=(--prime 47 --d-model 64 --d-mlp 256 --fraction 0.4 --learning-rate 3e-3 --steps 3000 --precision fp32)
    what='a + b mod 47 from 40 %, transformer of one layer, AdamW'; }
show curve=usual -- trained addition --preset omnigrok-add "${more[@]}"
show curve=constrained -- trained addition-constrained --preset omnigrok-add-constrained --stop 'test_acc>=0.95 for 40' \
    "${more[@]}"
ready
curves train_acc,test_acc,l2_norm
plot "$out.tsv" 'OMNI 7: usual training, and at constant norm' -y train_acc,test_acc --by curve
cp "$out.tsv" "$out-norm.tsv"
plot "$out-norm.tsv" 'OMNI 7: norm' -y l2_norm --by curve
times 0.5,0.95,0.99
judge "$out.times.tsv" "$out.tsv"
