#!/bin/bash
# OMNI, figure 5d: a graph convolution on molecules that begins large and one that begins as usual, without any regularisation; at
# paper scale with the code's 100 molecules and the text's 400.
. "$(dirname "$0")/omni.sh"
molecules
sizes='100 400' late=50000 more=() what="$data, half of 100 or 400 molecules to train on, GCNN 32-16, AdamW without decay"
at_paper_scale || { sizes=100 late=20000 more=(--steps 20000)
    what="$data, half of 100 molecules to train on, GCNN 32-16, AdamW without decay"; }
for n in $sizes; do
    show curve=large "items=$n" -- trained "$data-n$n-large" --preset omni-qm9 --task "$data" --items "$n" "${more[@]}"
    show curve=standard "items=$n" -- trained "$data-n$n-standard" --preset omni-qm9 --task "$data" --items "$n" --init-scale 1 \
        "${more[@]}"
done
parameters=("late=$late")
ready
curves train_loss,test_loss,l2_norm
plot "$out.tsv" 'OMNI 5d: molecules, from a large norm and from the usual one' -y train_loss,test_loss --by curve --panel items \
    --log-x --log-y
tabulate "$out.settings.tsv" grok-log --config
grok-rows --where 'name = weight_decay or name = dropout or name = weight_noise or name = update_noise or name = gradient_noise' \
    -o "$out.regular.tsv" "$out.settings.tsv"
rm "$out.settings.tsv"
judge "$out.tsv" "$out.regular.tsv"
