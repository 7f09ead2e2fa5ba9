#!/bin/bash
# OMNI, figure 6c: train and test loss along the way down the landscape of 6a, with weight decay.  From A the decoder grows to C
# (an overshoot: an initial velocity), shrinks to the boundary D, and slides along it, to better representations, to E.
. "$(dirname "$0")/omni.sh"
boundary=0.05
paper_maps '0 1 2 3 4'
show -- toy_landscape
ready
what="decoder of 45 sums modulo 10, gamma $gamma, time in units of the reduced dynamics" several='of which the first is drawn'
parameters=("gamma=$gamma" "boundary=$boundary" "${whole_map[@]}")
cells
grok-rows --define 'm=5*messiness' -o "$out.maps.tsv" "$out.tsv"
# a path down each seed's own map; the first is drawn
paths=()
for seed in $(grok-rows --unique seed --select seed "$out.maps.tsv" | tail -n +2); do
    toy_path "$out.maps.tsv" "$out.$seed.tsv" --where "seed = $seed"
    paths+=("seed=$seed" "$out.$seed.tsv")
done
grok-rows -o "$out.paths.tsv" "${paths[@]}"
grok-rows --where "seed = ${paths[0]#seed=}" -o "$out-map.tsv" "$out.maps.tsv"
mv "${paths[1]}" "$out.tsv"
rm -f "$out".[0-9]*.tsv
plot "$out.tsv" 'OMNI 6c: losses along the path' -x arc -y train_loss,test_loss --by none --log-y --xlabel 'length of the path'
plot "$out-map.tsv" 'OMNI 6a: the path' --heatmap train_loss,test_loss -x alpha -y m --colour-power 0.25 --contours $boundary \
    --path "$out.tsv" --mark A=0.9,0.6 --ylabel 'messiness m (5 times the code'\''s)'
grok-stat peaks arc test_loss --by seed --prominence 0.001 -i "$out.paths.tsv" -o "$out.peaks.tsv"
grok-stat contour alpha m train_loss --by seed --level $boundary -i "$out.maps.tsv" -o "$out.contour.tsv"
grok-stat theta alpha m --by seed -i "$out.contour.tsv" -o "$out.theta.tsv"
rm "$out.contour.tsv"
judge "$out.paths.tsv" "$out.maps.tsv" "$out.peaks.tsv" "$out.theta.tsv"
