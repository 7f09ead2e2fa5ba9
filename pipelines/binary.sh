# shellcheck shell=bash
# binary.sh -- what the figures of BINARY share beyond figures.sh; sourced by pipelines/binary-*.sh.  (Grokking of two classes by
# one output and plain gradient descent: sparse parity, and clusters as in XOR.)
. "$(dirname "$0")/figures.sh"

# At paper scale the presets as they are.
# shellcheck disable=SC2034    # for the claims
case $SCALE in
paper) parity=() clusters=() parity_steps=9600 cluster_steps=2000 ;;
quick)
    parity=(--dim 30 --items 600 --test-items 500 --widths 200) parity_steps=8000
    clusters=(--dim 1000 --separation 14 --widths 128 --test-items 400) cluster_steps=1000 ;;
esac
SEEDS=${SEEDS:-0..4} what=''
about() { echo "$what"; }

# trained NAME OPTION...
# shellcheck disable=SC2046
trained() { checkpoint "$1" -- grok-train $(machine) "${@:2}"; }

# accuracies TITLE: the figure, and what it is judged by
accuracies() {
    curves train_acc,test_acc
    plot "$out.tsv" "$1" -y train_acc,test_acc --log-x
    tabulate "$out.runs.tsv" grok-detect
    judge "$out.runs.tsv"
}
