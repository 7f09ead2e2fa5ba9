#!/bin/bash
# OMNI, figure 8: MNIST whose images are mixed with their answers, m of the image and 1 - m of a constant image for its class.
# Reduced losses, summed over the 10 outputs, over alpha and m; and along a way from A to B to C.
. "$(dirname "$0")/omni.sh"
digits
grid=(--init-scale 0:10:21 --messiness 0:1:21) what="$data mixed with templates, at the lowest train loss"
at_paper_scale || grid=(--init-scale 0:10:5 --messiness 0:1:5 --widths 64x64 --steps 1000 --eval-items 1000)
show -- landscape "$data-messiness" --preset omni-mnist-landscape --task "$data" "${grid[@]}"
images=("${operands[@]}") operands=()
show -- toy_landscape    # for comparison
ready_if_whole
parameters=("alphas=$(n_values "${grid[1]}")" "ms=$(n_values "${grid[3]}")" "toy_${whole_map[1]}")
grok-log --landscape -o "$out.toy.tsv" map=toy "${operands[@]}"
operands=("${images[@]}")
cells
grok-rows map=images "$out.tsv" --define 'test_sum=10*test_loss' --define 'train_sum=10*train_loss' -o "$out-map.tsv"
grok-trajectory "$out-map.tsv" -y messiness -z train_sum --also test_sum --through '1,1;3,0.975;2.5,0' -o "$out.tsv"
plot "$out-map.tsv" 'OMNI 8a, b: reduced train and test loss' --heatmap train_sum,test_sum -x alpha -y messiness \
    --colour-power 0.333 --contours 0.002,0.01,0.05 --mark A=1,1 --mark B=3,0.975 --mark C=2.5,0 --path "$out.tsv"
plot "$out.tsv" 'OMNI 8c: along A, B, C' -x arc -y train_sum,test_sum --by none --log-y --xlabel 'length of the path' \
    --ylabel 'squared error, summed over outputs'
grok-rows place=path "$out.tsv" -o "$out.path.tsv"
grok-stat rise arc test_sum -i "$out.tsv" -o "$out.rise.tsv"
judge "$out-map.tsv" "$out.toy.tsv" "$out.path.tsv" "$out.rise.tsv"
