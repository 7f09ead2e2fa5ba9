#!/bin/bash
# OMNI, figures 5a to 5c: polarizabilities of molecules, the reduced train and test loss over initial scale alpha and number of
# molecules (train and test together); two slices.
. "$(dirname "$0")/omni.sh"
molecules_landscape
ready
small=100 large=2682 what="$data, GCNN 32-16, 50000 molecules seen, at the lowest train loss"
at_paper_scale || { small=100 large=3000
    what="$data, GCNN 32-16, 20000 molecules seen, at the lowest train loss"; }
parameters=("small=$small" "large=$large" "${whole_map[@]}")
cells
plot "$out.tsv" 'OMNI 5a, b: reduced train and test loss' --heatmap train_loss,test_loss -x alpha -y items --log-x --log-y \
    --log-colour --contours 1.6,3.2,6.4 --ylabel molecules
grok-rows --where "items = $small or items = $large" -o "$out-c.tsv" "$out.tsv"
plot "$out-c.tsv" 'OMNI 5c: slices' -x alpha -y train_loss,test_loss --by items --log-x --log-y --style linespoints
lowest items,seed,best_alpha=alpha,best_train_loss=train_loss,best_test_loss=test_loss
judge "$out.tsv" "$out.best.tsv"
