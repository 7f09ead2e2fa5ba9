#!/bin/bash
# EFF, figure 8: ungrokking of the MLP under different weight decay, the same before and after.
. "$(dirname "$0")/eff.sh"
what='MLP, from 50 % on to 10 % of the items'
for decay in $decays; do
    other=("$decay")
    [ "$decay" != 1 ] || other=()    # the preset's own: the runs of figures 1 and 7
    show decay="$decay" panel=mlp curve="decay $decay" -- ungrokked mlp "${other[@]}"
done
ready
curves p1/train_acc,p1/test_acc
draw 'EFF 8: ungrokking by weight decay' -y p1/test_acc --ylabel 'accuracy outside of the 10 %'
measures p1/
judge "$out.runs.tsv" "$out.tsv"
