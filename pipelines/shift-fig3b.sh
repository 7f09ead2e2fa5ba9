#!/bin/bash
# SHIFT, figure 3b: one subclass of each class is removed (f = 0), or thinned (f = 0.2); everything else is the same.
. "$(dirname "$0")/shift.sh"
show -- removed
ready
what='equidistant, 4 of 8 subclasses thinned to f of the others'
curves test_acc,thinned/test_acc
plot "$out.tsv" 'SHIFT 3b: a subclass removed, or thinned' -y test_acc,thinned/test_acc --by thin_to --panel size \
    --ylabel 'test accuracy'
measures
judge "$out.runs.tsv"
