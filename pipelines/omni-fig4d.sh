#!/bin/bash
# OMNI, figure 4d: an LSTM on reviews that begins large and one that begins as usual.
. "$(dirname "$0")/omni.sh"
reviews
more=() early=500 least_seeds=3 what="$data, 1000 reviews, LSTM 2 x 128, 500 words, AdamW"
at_paper_scale || { more=(--items 300 --length 48 --words 200 --d-model 16 --widths 32x32 --steps 4000) early=1000 least_seeds=1
    what="$data, 300 reviews, LSTM 2 x 32, 48 words, AdamW"; }
show curve=large -- trained "$data-large" --preset omni-imdb --task "$data" "${more[@]}"
show curve=standard -- trained "$data-standard" --preset omni-imdb --task "$data" --init-scale 1 --weight-decay 0 "${more[@]}"
parameters=("early=$early" "seeds=$least_seeds")
ready
curves train_acc,test_acc,l2_norm
plot "$out.tsv" 'OMNI 4d: reviews, from a large norm and from the usual one' -y train_acc,test_acc --by curve
cp "$out.tsv" "$out-norm.tsv"
plot "$out-norm.tsv" 'OMNI 4d: norm' -y l2_norm --by curve
measures runs --level 0.5,0.6,0.65 --max-left 0.35
judge "$out.runs.tsv" "$out.tsv"
