#!/bin/bash
# EFF, figure 7: ungrokking: models that have generalised from 50 % go on with 10 % of the items, nested in them.
. "$(dirname "$0")/eff.sh"
what='from 50 % on to 10 % of the items'
for model in $MODELS; do show model="$model" panel="$model" curve="$model" -- ungrokked "$model"; done
ready
curves p1/train_acc,p1/test_acc,p2/test_acc
draw 'EFF 7: ungrokking' -y p1/train_acc,p1/test_acc,p2/test_acc --ylabel 'accuracy'
measures p1/
judge "$out.runs.tsv" "$out.tsv"
