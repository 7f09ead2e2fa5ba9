#!/bin/bash
# EFF, figure 2: the transformer from 30, 50 and 70 % of the items.
. "$(dirname "$0")/eff.sh"
what='transformer'
for fraction in 0.3 0.5 0.7; do show fraction=$fraction panel=$fraction curve=$fraction -- base t2 $fraction; done
ready
curves train_acc,test_acc
draw 'EFF 2: transformer, train and test accuracy by data size' -y train_acc,test_acc
measures ""
judge "$out.runs.tsv" "$out.tsv"
