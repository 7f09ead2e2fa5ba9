#!/bin/bash
# KD, further claim 2: how much depends on what the paper does not say, temperature and weight of KL.
. "$(dirname "$0")/kd.sh"
fractions="$above $below"
[ "$SCALE" = paper ] || fractions=$below
for task in $TASKS; do
    for optimizer in adamw adam; do
        for fraction in $fractions; do
            show panel="$optimizer,$fraction" task="$task" optimizer=$optimizer fraction="$fraction" method=taught set=p2 \
                -- taught "$task" $optimizer "$fraction" --temperature 1,2,4 --kd-weight 0.1,0.5,0.9 --keep metrics
        done
    done
done
ready
curves test_acc,l2_norm
draw 'KD x2: temperature and weight of KL' -y test_acc --by temperature,kd_weight
measures runs
judge "$out.runs.tsv"
