#!/bin/bash
# OMNI, figures 4a to 4c: reviews of films, the reduced train and test error over initial scale alpha and number of reviews (train
# and test together); two slices.
. "$(dirname "$0")/omni.sh"
reviews_landscape
ready
small=1000 large=50000 what="$data, LSTM 2 x 128, 500 words, 5 epochs, at the lowest train loss"
at_paper_scale || { small=300 large=3000
    what="$data, LSTM 2 x 32, 48 words, 300 updates, at the lowest train loss"; }
parameters=("small=$small" "large=$large" "${whole_map[@]}")
cells
plot "$out.tsv" 'OMNI 4a, b: reduced train and test error' --heatmap train_error,test_error -x alpha -y items --log-x --log-y \
    --contours 0.2,0.25 --ylabel reviews
grok-rows --where "items = $small or items = $large" -o "$out-c.tsv" "$out.tsv"
plot "$out-c.tsv" 'OMNI 4c: slices' -x alpha -y train_error,test_error --by items --log-x --style linespoints
lowest items,seed,best_alpha=alpha,best_train_error=train_error,best_test_error=test_error
judge "$out.tsv" "$out.best.tsv"
