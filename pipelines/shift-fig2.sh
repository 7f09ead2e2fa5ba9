#!/bin/bash
# SHIFT, figure 2: one run that groks, with what grok-detect finds in it.
. "$(dirname "$0")/shift.sh"
show -- removed
ready
what="equidistant, $n items, f = 0.2"
measures
[ -e "$out.runs.tsv" ] || exit 0
grok-rows --where "part = all and thin_to = 0.2 and size = $n" --sort seed --unique thin_to -o "$out.run.tsv" "$out.runs.tsv"
# value COLUMN: what grok-detect says
value() { grok-rows --select "$1" "$out.run.tsv" | tail -n 1; }
curves train_acc,test_acc
only "thin_to = 0.2 and size = $n and seed = $(value seed)"
# mark NAME COLUMN x|y: a line there; what there is not, is not drawn
at=()
mark() {
    local found
    found=$(value "$2")
    case $found in *[0-9]*) ;; *) return 0 ;; esac
    at+=("--mark-$3=$1=$found")
}
mark t_R t_r x
mark alpha_0 alpha0 x
mark alpha_1 alpha1 x
mark sigma_S sigma_s y
mark sigma_E sigma_e y
caption() { echo "$SCALE scale: $(about), seed $(value seed)"; }    # one run: no median of anything
what="$what: Delta_S = $(value delta_s), Delta_T = $(value delta_t), S = $(value support)"
plot "$out.tsv" 'SHIFT 2: a run that groks' -y train_acc,test_acc --by none "${at[@]}" --ylabel accuracy
judge "$out.run.tsv"
