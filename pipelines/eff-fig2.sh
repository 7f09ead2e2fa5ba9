#!/bin/bash
# EFF, figure 2: the transformer from 30, 50 and 70 % of the items.
. "$(dirname "$0")/eff.sh"
what='transformer'
for tenths in 3 5 7; do show fraction=0.$tenths panel="${tenths}0 % of the items" curve=all -- base t2 0.$tenths; done
ready
curves train_acc,test_acc
draw 'EFF 2: transformer, train and test accuracy by data size' -y train_acc,test_acc
measures ""
judge "$out.runs.tsv" "$out.tsv"
