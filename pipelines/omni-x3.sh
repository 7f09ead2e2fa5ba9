#!/bin/bash
# OMNI, further claim 3: what makes the valley of the test loss in figure 6.  Toy addition at m = 0: which pairs are for training,
# and how far the representations of the ten numbers lie beside their line, of the authors' draw (seed 58) and of eight of ours.
. "$(dirname "$0")/omni.sh"
grid=(--init-scale 0.45:9:20)
what='decoder of 45 sums modulo 10, 8 draws, straightest representations (m = 0), at the lowest train loss'
at_paper_scale || grid=(--init-scale '0.9,1.8,2.7,3.15,4.5,9' --steps 5000 --lr-decay-steps 1667)
draws() { landscape "$1" --preset omni-toy --messiness 0 --data-seed 0..7 "${grid[@]}" "${@:2}"; }
show numbers=theirs pairs=their-pairs -- draws toy-theirs "${theirs[@]}"
show numbers=theirs pairs=our-pairs -- draws toy-their-numbers "${theirs[@]::2}"
show numbers=ours pairs=their-pairs -- draws toy-their-pairs "${theirs[@]:2}"
show numbers=ours pairs=our-pairs -- draws toy-ours
ready
parameters=("alphas=$(n_values "${grid[1]}")")
cells
plot "$out.tsv" 'OMNI 6: test loss at m = 0, by whose train pairs and whose representations of the numbers' \
    -x alpha -y test_loss --by numbers --panel pairs --log-y --ylabel 'reduced test loss'
judge "$out.tsv"
