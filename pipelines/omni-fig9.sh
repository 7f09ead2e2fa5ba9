#!/bin/bash
# OMNI, figure 9: modular addition, reduced errors and losses over alpha and the share of the items that is trained on.
. "$(dirname "$0")/omni.sh"
norms=(--init-scale 0.1:10:x21) fractions=0.05:0.5:10,0.6:0.9:4 middle=5
what='a + b mod 113, transformer, at the lowest train loss'
at_paper_scale || { norms=(--init-scale '0.1,0.3,0.8,2,4' --prime 37 --d-model 48 --d-mlp 192 --steps 1000 --learning-rate 3e-3)
    fractions=0.2,0.4,0.6,0.8 middle=1 what='a + b mod 37, transformer, 1000 updates, at the lowest train loss'; }
cells_of=(--preset omnigrok-add-constrained --precision fp32 --steps 10000 "${norms[@]}")
# critical_share: landscapes of one fraction each, that a search chooses
critical_share() {
    local SEEDS=$MAP_SEEDS
    # shellcheck disable=SC2046
    search addition-landscape -- --from 0.05 --to 0.6 --precision 0.01 --value right --level 0.9 -q -- \
        "$here/best.sh" '{x}' '{seed}' grok-landscape $(machine) "${cells_of[@]}"
}
show of=grid right=nan -- landscape addition-landscape "${cells_of[@]}" --fraction "$fractions"
! at_paper_scale || weigh of=size -- critical_share
ready
parameters=("alphas=$(n_values "${norms[1]}")" "fractions=$(n_values $fractions)" "middle=$middle")
cells
plot "$out.tsv" 'OMNI 9: reduced train and test error' --heatmap train_error,test_error -x alpha -y fraction --log-x \
    --contours 0.1,0.5,0.9
grok-rows --where 'fraction > 0.28 and fraction < 0.52' -o "$out-slices.tsv" "$out.tsv"
plot "$out-slices.tsv" 'OMNI 9: slices' -x alpha -y train_loss,test_loss --by fraction --log-x --log-y --style linespoints \
    --ylabel 'loss (nats)'
outcomes
judge "$out.tsv" "$out.outcomes.tsv"
