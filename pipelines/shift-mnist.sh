#!/bin/bash
# SHIFT, MNIST: of each digit the cluster of its images that lies farthest out is thinned; the test set stays as it is.
. "$(dirname "$0")/shift.sh"

# Where clusters are looked for: at paper scale in the 64 latents of a residual network, which is trained for three epochs.
# shellcheck disable=SC2046
case $SCALE in
paper)
    digits
    res=$store/$data-res$suffix-s0.h5 points=("$res" --at pool) few=0.05 thinned=0,0.01,0.05,0.2,1
    classifier=(--model mlp-784 --size 1000 --batch 200 --learning-rate 1e-3 --steps 100000)
    residual() { SEEDS=0 checkpoint "$data-res" -- grok-train $(machine) --task "$data" --model res --batch 128 \
        --optimizer adam --learning-rate 3e-3 --params '*.scale: learning-rate=0.03' --steps 1407 --log-every 200; }
    show net=res -- residual ;;
quick)
    data=synth-digits stand_in=1
    res='' points=(--task synth-digits --components 64) few=0.2 thinned=0,0.2,1
    classifier=(--model mlp-784 --widths 64x64 --size 500 --batch 100 --learning-rate 1e-3 --beta2 0.98
        --steps 6000) ;;
esac
clusters=$store/$data-clusters$suffix-s0.h5
SEEDS=0 by=cluster.sh checkpoint "$data-clusters" ${res:+"$res"} -- "$data" "${points[@]}"
# shellcheck disable=SC2046
classifier() {
    checkpoint "$data-thinned" "$clusters" -- grok-train $(machine) --data "$clusters" --thin '*.0' --thin-to "$thinned" \
        --init-scale 8 --optimizer adam --weight-decay 1e-4 --by-subclass kinds "${classifier[@]}" "${readings[@]}"
}
show net=classifier -- classifier
parameters+=("few=$few" "classifier_shares=$(listed "$thinned")")
ready
what="$data, 1 of 5 clusters of each digit thinned to f of the others"
measures
curves test_acc,thinned/test_acc
only 'net = classifier'
plot "$out.tsv" 'SHIFT, MNIST: a cluster of each digit thinned' -y test_acc,thinned/test_acc --by thin_to \
    --ylabel 'test accuracy'
judge "$out.runs.tsv"
