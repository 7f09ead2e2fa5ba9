#!/bin/bash
# OMNI, figure 6e: more train items bend the boundary of 6d (train loss 0.02) towards good representations; so does training of
# decoder and representation together get there sooner.  54 of the 55 sums, since 55 leave none to test.
. "$(dirname "$0")/omni.sh"
zoom=(--init-scale 2.5:4:21 --messiness 0:0.1:21) steps=100000
together=(--preset omni-toy --constrain-norm none --optimizer adamw --weight-decay 0.01 --train-latent --size '25,45,54'
    --lr-schedule constant --learning-rate 1e-3)
at_paper_scale || { zoom=(--init-scale 2.5:4:5 --messiness 0:0.1:5 --steps 5000 --lr-decay-steps 1667) steps=20000; }
show kind=map -- landscape toy-sizes --preset omni-toy --size 25,35,45,54 "${zoom[@]}"
maps=("${operands[@]}") operands=()
show kind=whole -- toy_landscape
whole=("${operands[@]}") operands=()
show kind=run -- trained toy-together "${together[@]}" --steps $steps --stop 'test_acc>=0.95 for 4'
ready_if_whole
runs=("${operands[@]}") operands=("${maps[@]}") what='decoder of sums modulo 10, boundary: train loss 0.02'
cells
grok-rows --define 'm=5*messiness' -o "$out-map.tsv" "$out.tsv"
derived "$out.tsv" "--define=m=5*messiness" grok-log --landscape "${whole[@]}"
grok-stat argmin alpha m test_loss -i "$out.tsv" -o "$out.lowest.tsv"
grok-rows --select star=alpha,cells=n -o "$out.star.tsv" "$out.lowest.tsv"    # of 6a
rm "$out.lowest.tsv"
toy_path "$out.tsv" "$out.path.tsv"
grok-rows --where 'alpha >= 2.5 and alpha <= 4 and m <= 0.5' -o "$out.tsv" "$out.path.tsv"
path=()
[ "$(grep -vc '^#' "$out.tsv")" -lt 3 ] || path=(--path "$out.tsv")    # it may pass elsewhere
plot "$out-map.tsv" 'OMNI 6e: the boundary by number of items, and the path of 6c' --heatmap train_loss \
    -x alpha -y m --by size --contours 0.02 "${path[@]}" --ylabel 'messiness m (5 times the code'\''s)'
grok-stat contour alpha m train_loss --level 0.02 --by size -i "$out-map.tsv" -o "$out.contour.tsv"
grok-stat theta alpha m --by size -i "$out.contour.tsv" -o "$out.theta.tsv"
operands=("${runs[@]}")
measures runs
parameters=("alphas=$(n_values "${zoom[1]}")" "ms=$(n_values "${zoom[3]}")")
judge "$out-map.tsv" "$out.contour.tsv" "$out.theta.tsv" "$out.star.tsv" "$out.runs.tsv"
