#!/bin/bash
# OMNI, figure 11: figure 3 with cross-entropy: a wider zone of good norms than with squared error.
. "$(dirname "$0")/omni.sh"
show loss=mse -- digits_landscape mse-onehot
squared=("${operands[@]}") operands=()
show loss=ce -- digits_landscape ce
ready_if_whole
small=193 large=7196 what="$data, MLP 784-200-200-10, cross-entropy, at the lowest train loss"
at_paper_scale || { small=300 large=3000
    what="$data, MLP 784-64-64-10, cross-entropy, 4000 updates, at the lowest train loss"; }
parameters=("small=$small" "${whole_map[@]}")
cells
plot "$out.tsv" 'OMNI 11a, b: reduced train and test error' --heatmap train_error,test_error -x alpha -y size --log-x --log-y \
    --contours 0.1,0.2,0.3,0.4
grok-rows --where "size = $small or size = $large" -o "$out-c.tsv" "$out.tsv"
plot "$out-c.tsv" 'OMNI 11c: slices' -x alpha -y train_error,test_error --by size --log-x --style linespoints
grok-log --landscape -o "$out.mse.tsv" "${squared[@]}"
grok-rows -o "$out.both.tsv" "$out.mse.tsv" "$out.tsv"
grok-stat width alpha test_error --level 0.1 --from-min --log-x --by loss,size,seed -i "$out.both.tsv" -o "$out.width.tsv"
rm "$out.both.tsv"
judge "$out.tsv" "$out.width.tsv"
