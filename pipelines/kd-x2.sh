#!/bin/bash
# KD, further claim 2: how much depends on what the paper does not say, temperature and weight of KL.
#   OPTIMIZERS='adamw adam'  FRACTIONS='0.3 0.2'  KD_SETTINGS='2,0.5 16,0.99': which of the students
. "$(dirname "$0")/kd.sh"
fractions=$below
settings=$(echo {1,2,4},{0.1,0.5,0.9})
if [ "$SCALE" = paper ]; then
    fractions="$above $below"
    settings="$settings 8,0.9 16,0.97 16,0.99"    # where students without weight decay generalise: docs/findings-kd.md
fi
for task in $TASKS; do
    for optimizer in ${OPTIMIZERS:-adamw adam}; do
        for fraction in ${FRACTIONS:-$fractions}; do
            for kd in ${KD_SETTINGS:-$settings}; do
                with_kd "${kd%,*}" "${kd#*,}"
                show panel="$optimizer,$fraction" task="$task" optimizer="$optimizer" fraction="$fraction" method=taught set=p2 \
                    curve="t=${kd%,*},a=${kd#*,}" temperature="${kd%,*}" kd_weight="${kd#*,}" \
                    -- taught "$task" "$optimizer" "$fraction"
            done
        done
    done
done
setting=''
ready
curves test_acc,l2_norm
draw 'KD x2: temperature and weight of KL' -y test_acc
measures runs
judge "$out.runs.tsv"
