#!/bin/bash
# SHIFT, further claim 5: when the train items are fitted and the test items are not, is it worth going on?  Foretold for
# configurations that were not seen.
. "$(dirname "$0")/shift.sh"
show_shifted
ready
what='test accuracy at t_R, of all and of thinned subclasses, t_R, and how far train is from test'
measures
several='a point each'
tabulate "$out.shift.tsv" grok-shift
[ -e "$out.shift.tsv" ] || exit 0
grok-rows --where 'part = thinned' --select file,run,thinned_s=sigma_s -o "$out.thinned.tsv" "$out.runs.tsv"
grok-rows --where 'part = all' --join "$out.thinned.tsv" --key file,run -o "$out.some.tsv" "$out.runs.tsv"
grok-rows --join <(grok-rows --select file,run,c2st "$out.shift.tsv") --key file,run --define 'log_t=log10(t_r)' \
    --where 'sigma_s < 0.95' -o "$out.early.tsv" "$out.some.tsv"
foretell=(grok-foretell --outcome 'test_acc_max >= 0.95' --from 'sigma_s,thinned_s,log_t,c2st' --held-out 'task,size,thin_to')
"${foretell[@]}" --show test_acc_max -o "$out.tsv" "$out.early.tsv"
"${foretell[@]}" --summary -o "$out.rules.tsv" "$out.early.tsv"
rm -f "$out.some.tsv" "$out.thinned.tsv"
plot "$out.tsv" 'SHIFT x5: is it worth going on?' -x probability -y test_acc_max --by task --style points --each \
    --xlabel 'foretold at t_R: probability of 0.95 later' --ylabel 'highest test accuracy'
judge "$out.rules.tsv"
