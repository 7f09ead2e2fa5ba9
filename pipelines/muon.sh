# shellcheck shell=bash
# muon.sh -- what the figures of MUON share beyond figures.sh; sourced by pipelines/muon-*.sh.  ("Muon Optimizer Accelerates
# Grokking": the orthogonal factors of averaged gradients, in place of AdamW's elementwise steps, grok in fewer updates.)
. "$(dirname "$0")/figures.sh"

# Rates that are tried, and of these the one that is thought best for the scale: at quick scale by a search on seeds 10 and 11
# (AdamW: 25 pairs of rate and decay; Muon: 63 triples with the rate of the rest, and the best 12 of them on three seeds more), at
# paper scale by the sources' settings.
# muon-fig1 shows all rates, so that a reader sees whether the best lies inside.  Muon's are those of hidden matrices; rest: of
# what it leaves to AdamW.
# shellcheck disable=SC2034
case $SCALE in
paper)
    model='--prime 97 --fraction 0.5' steps=20000
    adamw_rates='3e-4 1e-3 3e-3' muon_rates='5e-3 2e-2 8e-2' adamw_best=1e-3 muon_best=2e-2 rest=1e-3 adamw_decay=1
    muon_decay=0.3
    SEEDS=${SEEDS:-0..4} ;;
quick)
    model='--prime 29 --fraction 0.5 --d-model 48 --n-head 4 --d-mlp 128' steps=4000
    adamw_rates='1e-2 2e-2 5e-2' muon_rates='5e-2 1e-1 2e-1' adamw_best=2e-2 muon_best=1e-1 rest=5e-2 adamw_decay=2
    muon_decay=0.2
    SEEDS=${SEEDS:-0..4} ;;
esac
parameters=("adamw_best=$adamw_best" "muon_best=$muon_best" "steps=$steps" "adamw_rates=$adamw_rates"
    "muon_rates=$muon_rates")
about() { echo "a + b, transformer of one layer ($model), decay $adamw_decay of AdamW, $muon_decay of Muon"; }

# with OPTIMIZER RATE: runs at this rate, to 95 % of the test items or the scale's end
with() {
    local settings=(--optimizer "$1" --learning-rate "$2" --weight-decay "$adamw_decay")
    [ "$1" = adamw ] || settings=(--optimizer muon --learning-rate "$2" --adam-learning-rate "$rest" \
        --weight-decay "$muon_decay")
    # shellcheck disable=SC2046,SC2086
    checkpoint "$1-$2" -- grok-train $(machine) --task add $model "${settings[@]}" --beta2 0.98 --steps $steps \
        --stop 'test_acc>=0.95 for 3'
}
