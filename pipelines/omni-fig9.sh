#!/bin/bash
# OMNI, figure 9: modular addition, reduced errors and losses over alpha and the share of the items that is trained on.
. "$(dirname "$0")/omni.sh"
grid=(--init-scale 0.1:10:x21 --fraction '0.05:0.5:10,0.6:0.9:4') what='a + b mod 113, transformer, at the lowest train loss'
at_paper_scale || { grid=(--init-scale '0.1,0.3,0.8,2,4' --fraction '0.2,0.4,0.6,0.8' --prime 37 --d-model 48 --d-mlp 192
    --steps 1000 --learning-rate 3e-3) what='a + b mod 37, transformer, 1000 updates, at the lowest train loss'; }
show -- landscape addition-landscape --preset omnigrok-add-constrained --precision fp32 --steps 10000 "${grid[@]}"
ready
cells
plot "$out.tsv" 'OMNI 9: reduced train and test error' --heatmap train_error,test_error -x alpha -y fraction --log-x \
    --contours 0.1,0.5,0.9
grok-rows --where 'fraction > 0.28 and fraction < 0.52' -o "$out-slices.tsv" "$out.tsv"
plot "$out-slices.tsv" 'OMNI 9: slices' -x alpha -y train_loss,test_loss --by fraction --log-x --log-y --style linespoints \
    --ylabel 'loss (nats)'
judge "$out.tsv"
