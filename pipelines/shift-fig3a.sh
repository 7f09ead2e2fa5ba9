#!/bin/bash
# SHIFT, figure 3a: balanced train sets of different size.
. "$(dirname "$0")/shift.sh"
show -- balanced
ready
what='equidistant, as many items of every subclass'
curves test_acc
plot "$out.tsv" 'SHIFT 3a: balanced train sets' -y test_acc --by size --ylabel 'test accuracy'
measures
judge "$out.runs.tsv"
