#!/bin/bash
# EFF, figure 5: a mixture of a memorising and a generalising MLP, both frozen, whose four weights are learnt.
. "$(dirname "$0")/eff.sh"
what='mixture of two frozen MLPs'
show part=memoriser -- memoriser
memorisers=("${files[@]}")
show part=generaliser -- generaliser
generalisers=("${files[@]}")
ready_if_whole
tables=()
for ((i = 0; i < ${#memorisers[@]}; i++)); do
    tables+=("$out.$i.tsv")
    grok-mix --memorising-at memorised --w-m2 10,1 --logit-ratio 2 -o "$out.$i.tsv" "${memorisers[i]}" "${generalisers[i]}"
done
grok-rows -o "$out.tsv" "${tables[@]}"
rm "${tables[@]}"
# where the generalising network was less sure than the other, the figure says that its logits were scaled
[ "$(grok-rows --where 'gen_scale > 1' "$out.tsv" | wc -l)" -le 1 ] ||
    what="$what, generalising logits scaled to a ratio of 2"
plot "$out.tsv" 'EFF 5: accuracy of the mixture' -y train_acc,test_acc --panel w_m2 --by none
out_of_figure=$out
ln -sf "$(basename "$out").tsv" "$out-loss.tsv"
plot "$out-loss.tsv" 'EFF 5: loss of the mixture' -y train_loss,test_loss --panel w_m2 --by none --log-y
ln -sf "$(basename "$out_of_figure").tsv" "$out-weights.tsv"
plot "$out-weights.tsv" 'EFF 5: weights of the mixture' -y w_mem,w_gen --panel w_m2 --by none
tabulate "$out_of_figure.parts.tsv" grok-log -m train_acc,test_acc    # is each what it should be?
judge "$out.tsv" "$out_of_figure.parts.tsv"
