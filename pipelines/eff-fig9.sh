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
# of each run's size: the share of its runs that end neither low nor high
grok-stat share between --define 'between=if test_acc_end >= 0.1 and test_acc_end <= 0.9 then 1 else 0' --level 1 --by fraction \
    -i "$out.runs.tsv" -o "$out.share.tsv"
grok-rows --select fraction,semi=share -o "$out.semi.tsv" "$out.share.tsv"
grok-rows --join "$out.semi.tsv" --key fraction -o "$out.band.tsv" "$out.runs.tsv"
rm "$out.share.tsv" "$out.semi.tsv"
judge "$out.band.tsv" "$out.outcomes.tsv"
