#!/bin/bash
# OMNI, figure 2b: a student that begins on the outer arm of the U (alpha 2) or the inner (alpha 0.5), with weight decay gamma.
. "$(dirname "$0")/omni.sh"
show -- teacher_students
ready
what="student of 100 items of a teacher, AdamW $rate, correct below 0.001" parameters=("steps=$steps" "much=$much")
curves train_acc,test_acc,l2_norm,norm/layer0.weight
plot "$out.tsv" 'OMNI 2b: initial scale alpha and weight decay gamma' -y train_acc,test_acc --by init_scale --panel weight_decay \
    --ylabel 'share of items with error < 0.001'
times 0.95,0.99
judge "$out.times.tsv" "$out.tsv"
