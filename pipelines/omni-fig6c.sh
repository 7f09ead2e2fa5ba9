#!/bin/bash
# OMNI, figure 6c: train and test loss along the way down the landscape of 6a, with weight decay.  From A the decoder grows to C
# (an overshoot: an initial velocity), shrinks to the boundary D, and slides along it, to better representations, to E.
. "$(dirname "$0")/omni.sh"
boundary=0.05
show -- toy_landscape
ready
what="decoder of 45 sums modulo 10, gamma $gamma, time in units of the reduced dynamics"
parameters=("gamma=$gamma" "boundary=$boundary" "${whole_map[@]}")
cells
grok-rows --define 'm=5*messiness' -o "$out-map.tsv" "$out.tsv"
toy_path "$out-map.tsv" "$out.tsv"
plot "$out.tsv" 'OMNI 6c: losses along the path' -x arc -y train_loss,test_loss --by none --log-y --xlabel 'length of the path'
plot "$out-map.tsv" 'OMNI 6a: the path' --heatmap train_loss,test_loss -x alpha -y m --colour-power 0.25 --contours $boundary \
    --path "$out.tsv" --mark A=0.9,0.6 --ylabel 'messiness m (5 times the code'\''s)'
grok-stat peaks arc test_loss --prominence 0.001 -i "$out.tsv" -o "$out.peaks.tsv"
grok-stat contour alpha m train_loss --level $boundary -i "$out-map.tsv" -o "$out.contour.tsv"
grok-stat theta alpha m -i "$out.contour.tsv" -o "$out.theta.tsv"
rm "$out.contour.tsv"
judge "$out.tsv" "$out-map.tsv" "$out.peaks.tsv" "$out.theta.tsv"
