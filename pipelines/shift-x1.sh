#!/bin/bash
# SHIFT, further claim 1: regularisation and initialisation amplify grokking, they do not define it.
. "$(dirname "$0")/shift.sh"
show -- trained settings --init-scale "$scales" --weight-decay 0,1e-4 --size "$n" --thin-to 0,0.2
ready
what="equidistant, $n items"
curves test_acc
plot "$out.tsv" 'SHIFT x1: initial scale and weight decay' -y test_acc --by thin_to,weight_decay --panel init_scale \
    --ylabel 'test accuracy'
measures
judge "$out.runs.tsv"
