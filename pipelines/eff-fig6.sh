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
grok-rows --join "$out.ends.tsv" --key circuit,seed,fraction --where 'circuit != generalising or test_acc_end >= 0.99' \
    -o "$out.tsv" "$out.all.tsv"
rm "$out.all.tsv" "$out.ends.tsv"
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
# below the critical size no circuit generalises: there its mean stands for it, which the figure shows to be nearly constant
extended() {
    grok-rows --select circuit,seed,fraction,norm_needed "$1" | awk -F '\t' -v OFS='\t' '
        NR == 1 { print; next }
        { print; at[$2, $3] += $1 == "generalising"; fractions[$3]; seeds[$2] }
        $1 == "generalising" { sum[$2] += $4; n[$2]++ }
        END { for (s in seeds) for (f in fractions) if (!at[s, f] && n[s]) print "generalising", s, f, sum[s] / n[s] }'
}
{ grep '^# ' "$out.tsv"; extended "$out.tsv"; } > "$out.extended.tsv"
derived "$out.cross.tsv" of=curves grok-stat cross circuit fraction norm_needed --between memorising,generalising \
    -i "$out.extended.tsv"
rm "$out.extended.tsv"
# how far each seed's efficiency rises above what it was of fewer items
grok-stat rise fraction log_efficiency --define 'log_efficiency=log10(efficiency)' --by circuit,seed -i "$out.tsv" \
    -o "$out.rises.tsv"
grok-rows --select trained=circuit,seed,n_size=n,rise -o "$out.rise.tsv" "$out.rises.tsv"
rm "$out.rises.tsv"
outcomes
judge "$out.tsv" "$out.cross.tsv" "$out.rise.tsv" "$out.outcomes.tsv"
