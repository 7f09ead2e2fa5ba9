#!/bin/bash
# SHIFT, figure 4b: subclasses that are near each other, half of them thinned to f = 0.2; with f = 0 and balanced sets beside it.
. "$(dirname "$0")/shift.sh"
show task=equivariant -- near
drawn=("${operands[@]}")
show task=equidistant -- removed
ready
what='equivariant, 20 of 40 subclasses thinned to f of the others'
measures
operands=("${drawn[@]}")
curves test_acc
plot "$out.tsv" 'SHIFT 4b: near subclasses, half of them thinned' -y test_acc --by thin_to --panel size --ylabel 'test accuracy'
judge "$out.runs.tsv"
