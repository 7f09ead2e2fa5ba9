#!/bin/bash
# SHIFT, transformer: cells of figures 3 and 4 again with an encoder on nine tokens of 13 reals: is it the network?
#
#   ENCODER_SEEDS=0..2: its seeds, if not SEEDS (a model's 40,000 updates take three minutes of two cores)
. "$(dirname "$0")/shift.sh"

# encoder NAME OPTION...: the same runs with a transformer
encoder() {
    local training=("${encoder[@]}") steps=$encoder_steps SEEDS=$encoder_seeds
    trained "encoder-$1" --model tf-s "${@:2}"
}
case $SCALE in
paper) encoder=() encoder_steps=$steps encoder_seeds=${ENCODER_SEEDS:-$SEEDS} encoder_n=1000,2000 near_to=0,0.2,1
    tf_sizes='500 1000 2000 4000 5000' tf_shares='0 0.01 0.05 0.2 1' ;;
quick)
    encoder=(--d-model 32 --d-mlp 128 --batch 100 --learning-rate 3e-3 --sigma 0.15 --items 20000 --test-items 2000)
    encoder_steps=6000 encoder_seeds=0 encoder_n=500,2000 near_to=0,1 tf_sizes='500 2000' tf_shares='0 0.2 1' ;;
esac

show net=mlp task=equidistant -- removed
show net=encoder -- encoder removed --size "$encoder_n" --thin-to 0,0.2
drawn=("${operands[@]}")
show task=equivariant net=mlp -- near
show net=encoder -- encoder near --task equivariant --size "$encoder_n" --thin '*.[1-5]' --thin-to "$near_to"
if [ "$SCALE" = paper ]; then
    show task=equidistant -- encoder balanced --size 500,2000,5000 --thin-to 1
    show -- encoder strong --size 4000,5000 --thin-to 0.01,0.05
    show net=mlp -- balanced
    show -- strong
fi
parameters+=("tf_sizes=$tf_sizes" "tf_shares=$tf_shares")
ready
what="equidistant, $n items, 4 of 8 subclasses thinned to f of the others"
measures
operands=("${drawn[@]}")
curves test_acc
only "size = $n"
plot "$out.tsv" 'SHIFT, transformer beside MLP' -y test_acc --by thin_to --panel net --ylabel 'test accuracy'
judge "$out.runs.tsv"
