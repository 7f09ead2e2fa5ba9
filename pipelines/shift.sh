# shellcheck shell=bash
# shift.sh -- what the figures of SHIFT share beyond figures.sh; sourced by pipelines/shift-*.sh.  ("Grokking Explained: A
# Statistical Phenomenon": grokking comes of a gap between what is trained on and what is tested, made here by taking fewer items
# of some subclasses.)
#
#   READING='sigma=0.2 loss=ce': other readings of what the paper leaves open, as options of grok-train; of all runs
#
# What else may be set stands in figures.sh.  Every word of SEEDS is one process: sizes, f and seeds are replicas side by side.
. "$(dirname "$0")/figures.sh"

# The paper's constants are those of --preset shift; n: of figures that show one number of items.  Lists have two values or more:
# tables have columns of what varies.
case $SCALE in
paper)
    SEEDS=${SEEDS:-0..9} steps=40000 n=2000 training=()
    sizes=200,500,1000,2000,3000,5000 removed=500,1000,2000 strong=4000,5000 near=1000,2000,5000 weak=0.01,0.05,1
    scales=1,2,8 ;;
quick)
    SEEDS=${SEEDS:-0..2} steps=20000 n=2000
    training=(--widths 64x64 --batch 100 --learning-rate 3e-3 --sigma 0.15 --items 20000 --test-items 2000)
    sizes=200,1000,4000 removed=500,2000 strong=1000,4000 near=500,2000 weak=0.01,1 scales=1,8 ;;
esac
readings=()
for word in ${READING:-}; do
    readings+=("--${word%%=*}" "${word#*=}")
    setting=$setting-${word/=/-}
done
suffix=$suffix$setting
# numbers of items that both data are trained on are from $least to $most
least=1000 most=2000
[ "$SCALE" = paper ] || least=500
# shellcheck disable=SC2034    # for the claims: what the scale has, run or not; large: sizes of a strong shift from 4000 on;
# both: of both data; shifted, shares: sizes and f of all that is thinned
case $SCALE in
paper) parameters=(seeds=10 'thinned=0.01 0.05' 'large=4000 5000' 'both=1000 2000' 'shifted=500 1000 2000 4000 5000'
    'shares=0 0.01 0.05 0.2 1') ;;
quick) parameters=(seeds=1 thinned=0.01 large=4000 'both=500 2000' 'shifted=500 1000 2000 4000' 'shares=0 0.01 0.2 1') ;;
esac
parameters+=("steps=$steps" "n=$n" "least=$least" "most=$most" "sizes=$(listed "$sizes")" "removed=$(listed "$removed")"
    "strong=$(listed "$strong")" "near=$(listed "$near")" "scales=$(listed "$scales")" "weak=$(listed "$weak")")

# --- runs ------------------------------------------------------------------------------------------------------------------

# trained NAME OPTION...
# shellcheck disable=SC2046
trained() { checkpoint "$1" -- grok-train $(machine) --preset shift --steps "$steps" --by-subclass kinds "${training[@]}" \
    "${@:2}" "${readings[@]}"; }

# One subclass of each class is thinned, or, of equivariant, 5 of 10, none of them the centre.
balanced() { trained balanced --size "$sizes" --thin-to 1; }
removed() { trained removed --size "$removed" --thin-to 0,0.2; }
strong() { trained strong --size "$strong" --thin-to "$weak"; }
near() { trained near --task equivariant --size "$near" --thin '*.[1-5]' --thin-to 0,0.2,1; }

# All that is thinned, of both data.
show_shifted() {
    show task=equidistant -- removed
    show -- strong
    show task=equivariant -- near
}

# --- what is shown ---------------------------------------------------------------------------------------------------------

what=''    # said by the figure's script
about() { echo "$what${READING:+, $READING}"; }

# measures [TAG=VALUE...]: a row a run and part of its items -> $out.runs.tsv
measures() { tabulate "$out.runs.tsv" grok-detect --parts; }
# only EXPRESSION: of the curves these rows
only() { [ ! -e "$out.tsv" ] || { grok-rows --where "$1" -o "$out.some.tsv" "$out.tsv" && mv "$out.some.tsv" "$out.tsv"; }; }
