#!/bin/bash
# OMNI, figure 2b: a student that begins on the outer arm of the U (alpha 2) or the inner (alpha 0.5), with weight decay gamma.
. "$(dirname "$0")/omni.sh"
steps=100000 rate=3e-4 much=1
at_paper_scale || { steps=30000 rate=1e-3 much=0.5; }    # at this rate a decay of 1 is in the way of memorising
show -- trained teacher --preset omni-teacher --init-scale 2,0.5 --weight-decay 0,0.03,$much --learning-rate $rate --steps $steps
ready
what="student of 100 items of a teacher, AdamW $rate, correct below 0.001" parameters=("steps=$steps" "much=$much")
curves train_acc,test_acc,l2_norm
plot "$out.tsv" 'OMNI 2b: initial scale alpha and weight decay gamma' -y train_acc,test_acc --by init_scale --panel weight_decay \
    --ylabel 'share of items with error < 0.001'
times 0.95,0.99
judge "$out.times.tsv"
