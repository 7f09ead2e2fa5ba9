#!/bin/bash
# SHIFT, further claim 2: how much is grokked depends on how far the classes are from each other.
. "$(dirname "$0")/shift.sh"
show -- trained distances --separation 0.7,0.85,1,1.3 --size "$n" --thin-to 0.2
ready
what="equidistant, $n items, f = 0.2"
curves test_acc
plot "$out.tsv" 'SHIFT x2: distance of the classes' -y test_acc --by separation --ylabel 'test accuracy'
measures
judge "$out.runs.tsv"
