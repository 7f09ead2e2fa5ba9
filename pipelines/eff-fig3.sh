#!/bin/bash
# EFF, figure 3: the LSTM from 30, 50 and 70 % of the items.
. "$(dirname "$0")/eff.sh"
what='LSTM'
for fraction in 0.3 0.5 0.7; do show fraction=$fraction panel=$fraction curve=$fraction -- base lstm $fraction; done
ready
curves train_acc,test_acc
draw 'EFF 3: LSTM, train and test accuracy by data size' -y train_acc,test_acc
measures ""
judge "$out.runs.tsv" "$out.tsv"
