#!/bin/bash
# EFF, figure 6: norm and correct logit against data size, of a circuit that memorises (fixed random labels) and one that
# generalises; and the norm that a correct logit of 10 takes.  Memorising by the other reading (early): what is trained on true
# labels, when it has all train items right.
. "$(dirname "$0")/eff.sh"
what='MLP, at the end of training'
show circuit=memorising -- sized 1
show circuit=generalising -- sized 0
show circuit=early -- early
weigh of=size -- critical_size mlp
ready_if_whole
measures ""
tabulate "$out.all.tsv" grok-norms --efficiency --logit 10
# of true labels only what has generalised
grok-rows --select circuit,seed,fraction,train_acc_max,test_acc_end,test_acc_max -o "$out.ends.tsv" "$out.runs.tsv"
generalised='test_acc_end >= 0.99'
rewritten "$out.all.tsv" --join "$out.ends.tsv" --key circuit,seed,fraction
grok-rows --where "circuit != generalising or $generalised" -o "$out.tsv" "$out.all.tsv"
# view COLUMN WORDS
view() {
    ln -sf "$(basename "$out").tsv" "$out-$1.tsv"
    plot "$out-$1.tsv" "EFF 6: $2" -x fraction -y "$1" --by circuit --style linespoints --linear-x \
        --xlabel 'fraction of the items' --ylabel "$2"
}
view l2_norm 'norm of all parameters'
view correct_logit 'right logit of train items, less the mean'
view norm_needed 'norm needed for a correct logit of 10'
view efficiency 'efficiency: logit by norm'
# below the critical size no circuit generalises: there its median stands for it, which the figure shows to be nearly constant
grok-stat median norm_needed --by circuit,seed -i "$out.tsv" -o "$out.medians.tsv"
grok-rows --join "$out.medians.tsv" --key circuit,seed --select circuit,seed,fraction,norm_needed=norm \
    --define "norm=if circuit != generalising or $generalised then norm_needed else median" \
    -o "$out.extended.tsv" "$out.all.tsv"
derived "$out.cross.tsv" of=curves grok-stat cross circuit fraction norm_needed --between memorising,generalising \
    -i "$out.extended.tsv"
rm "$out.all.tsv" "$out.ends.tsv" "$out.medians.tsv" "$out.extended.tsv"
# how far each seed's efficiency rises above what it was of fewer items
grok-stat rise fraction log_efficiency --define 'log_efficiency=log10(efficiency)' --by circuit,seed -i "$out.tsv" \
    -o "$out.rises.tsv"
grok-rows --select trained=circuit,seed,n_size=n,rise -o "$out.rise.tsv" "$out.rises.tsv"
rm "$out.rises.tsv"
outcomes
judge "$out.tsv" "$out.cross.tsv" "$out.rise.tsv" "$out.outcomes.tsv"
