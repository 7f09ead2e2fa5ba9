#!/bin/bash
# SHIFT, figure 1: both data, a point for each subclass, as near to their distances as two dimensions can be.  Nothing is trained.
. "$(dirname "$0")/shift.sh"
ready
what='means of the train items of every subclass, classical scaling'
for data in equidistant equivariant; do
    for show in mds distances; do
        grok-cluster --task "$data" --show "$show" -o "$out.$data.$show.tsv"
    done
done
for show in mds distances; do
    grok-rows data=equidistant "$out.equidistant.$show.tsv" data=equivariant "$out.equivariant.$show.tsv" -o "$out.$show.tsv"
done
caption() { echo "$what"; }
mv "$out.mds.tsv" "$out.tsv"
plot "$out.tsv" 'SHIFT 1: subclasses of both data' -x x1 -y x2 --by label --panel data --style points --each \
    --xlabel 'first axis' --ylabel 'second axis'
judge "$out.distances.tsv"
