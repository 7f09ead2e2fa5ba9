#!/bin/bash
# SHIFT, figure 4a: subclasses that are near each other, half of them removed: the others speak for them.
. "$(dirname "$0")/shift.sh"
show task=equivariant -- near
drawn=("${operands[@]}")
show task=equidistant -- removed
ready
what='equivariant, 20 of 40 subclasses removed'
measures
operands=("${drawn[@]}")
curves test_acc,kept/test_acc,absent/test_acc
only 'thin_to = 0'
plot "$out.tsv" 'SHIFT 4a: near subclasses, half of them removed' -y test_acc,absent/test_acc --by none --panel size \
    --ylabel 'test accuracy'
judge "$out.runs.tsv"
