#!/bin/bash
# EFF, figure 9: semi-grokking: what is reached near the critical data size.
. "$(dirname "$0")/eff.sh"
what="$band_model"
show of=grid -- trained "$band_model" band --fraction "$band_fractions" --steps "$band_steps"
weigh of=size -- critical_size "$band_model"
ready
measures ""
cp "$out.runs.tsv" "$out-sizes.tsv"
together=$several several='a point each'
plot "$out-sizes.tsv" 'EFF 9: test accuracy at the end by data size' -x fraction -y test_acc_end --each --style points \
    --linear-x --xlabel 'fraction of the items' --ylabel 'test accuracy at the end'
several=$together
curves test_acc
plot "$out.tsv" 'EFF 9: curves' -y test_acc --by fraction
outcomes
judge "$out.runs.tsv" "$out.outcomes.tsv"
