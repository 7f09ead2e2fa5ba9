#!/bin/bash
# SHIFT, further claim 4: does the size of the shift foretell the size of grokking?
. "$(dirname "$0")/shift.sh"
show_shifted
ready
what='two-sample tests of train against test items'
measures
several='a point each'
tabulate "$out.shift.tsv" grok-shift
[ -e "$out.shift.tsv" ] || exit 0
grok-rows --where 'part = all' --join <(grok-rows --select file,run,mmd,c2st "$out.shift.tsv") --key file,run \
    -o "$out.tsv" "$out.runs.tsv"
plot "$out.tsv" 'SHIFT x4: size of the shift, size of grokking' -x c2st -y delta_s --by task --style points --each \
    --xlabel 'share of items whose set is told (two-sample test)' --ylabel 'Delta_S'
judge "$out.tsv"
