#!/bin/bash
# OMNI, figures 3a to 3c: MNIST, the reduced train and test error over initial scale alpha and number of items; two slices.
. "$(dirname "$0")/omni.sh"
show -- digits_landscape mse-onehot
ready
small=193 large=7196 far=7.94328 point=8,8000 what="$data, MLP 784-200-200-10, squared error, at the lowest train loss"
at_paper_scale || {
    small=300 large=3000 far=4.64159 point=4.6,3000 what="$data, MLP 784-64-64-10, 4000 updates, at the lowest train loss"; }
parameters=("small=$small" "large=$large" "far=$far" "${whole_map[@]}")
cells
plot "$out.tsv" 'OMNI 3a, b: reduced train and test error' --heatmap train_error,test_error -x alpha -y size --log-x --log-y \
    --contours 0.1,0.2,0.3,0.4 --mark A=1,200 --mark B=${point%,*},200 --mark C=$point
grok-rows --where "size = $small or size = $large" -o "$out-c.tsv" "$out.tsv"
plot "$out-c.tsv" 'OMNI 3c: slices' -x alpha -y train_error,test_error --by size --log-x --style linespoints
grok-stat width alpha test_error --level 0.1,0.2,0.3,0.4 --log-x --by size -i "$out.tsv" -o "$out.width.tsv"
lowest seed,size,best_alpha=alpha,best_test_error=test_error
judge "$out.tsv" "$out.width.tsv" "$out.best.tsv"
