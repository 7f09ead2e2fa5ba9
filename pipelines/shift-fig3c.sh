#!/bin/bash
# SHIFT, figure 3c: a strong shift in large train sets; balanced ones (f = 1) as control.
. "$(dirname "$0")/shift.sh"
show -- strong
ready
what='equidistant, 4 of 8 subclasses thinned to f of the others'
curves test_acc
plot "$out.tsv" 'SHIFT 3c: a strong shift in large train sets' -y test_acc --by thin_to --panel size --ylabel 'test accuracy'
measures
tabulate "$out.fitted.tsv" grok-detect --train train_acc --test thinned/train_acc part=fitted    # when are the few learnt?
judge "$out.runs.tsv" "$out.fitted.tsv"
