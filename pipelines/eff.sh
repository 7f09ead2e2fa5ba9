# shellcheck shell=bash
# eff.sh -- what the figures of EFF share beyond figures.sh; sourced by pipelines/eff-*.sh.  ("Towards Understanding the Mystery
# behind Grokking Phenomenon via Model and Training Efficiency": a memorising and a generalising circuit compete, and the data
# size decides which needs the smaller norm.)
#
#   SEEDS=0..4 (paper; quick: 0..2) of the MLP, which are replicas of one process
#   LARGE_SEEDS=0..4 (paper; quick: 0) of transformer and LSTM (10,000 updates of one take a minute and a half of two cores)
#   MODELS='t2 lstm mlp': of figures 1 and 7
#
# What else may be set stands in figures.sh.  p = 97, CE, AdamW with rate 1e-3, decay 1, betas 0.9 and 0.98, batches of 512 or
# half of the train items, ten updates of warm-up, as in openai/grok, whose conventions the paper takes; sizes of MLP and LSTM are
# ours.  The LSTM's decay is 0.3, the larger of the two that were laid down for it (0.1, 0.3): with 1 it is hardly late.
# The small LSTM's was chosen once of 0.1, 0.3, 1, 2 and 4 at seed 0.
. "$(dirname "$0")/figures.sh"
MODELS=${MODELS:-t2 lstm mlp}
given=${SEEDS:-}

# large: how many of the sizes are one half or more.  below, above: sizes at which nothing, and everything, is generalised,
# n_above of figure 9's, whose steps are band_step; critical: where it is searched in between, and how well.
# Runs end when they have generalised.
# shellcheck disable=SC2034    # some figures use them
case $SCALE in
paper)
    SEEDS=${SEEDS:-0..4} large_seeds=${LARGE_SEEDS:-$SEEDS}
    steps=100000 size_steps=50000 band_steps=100000 ungrok_steps=50000 fig4_steps=100000
    prime='' pace='' t2_size='' lstm_size='--weight-decay 0.3' mlp_size=''
    sizes=0.1:0.9:9 nine_fractions=0.2:0.8:13 band_fractions=0.18:0.33:16 decays='0.1 0.3 1 3'
    band_model=t2 nine_model=t2 large=5 n_above=5 band_step=0.01
    below=0.185 above=0.285 critical='--from 0.1 --to 0.6 --precision 0.01' ;;
quick)
    SEEDS=${SEEDS:-0..2} large_seeds=${LARGE_SEEDS:-${given:-0}}
    steps=8000 size_steps=5000 band_steps=5000 ungrok_steps=4000 fig4_steps=3000
    prime='--prime 37' pace='--learning-rate 3e-3 --batch 256'
    t2_size='--d-model 48 --d-mlp 192' lstm_size='--d-model 32 --widths 64x64 --weight-decay 2'
    mlp_size='--d-model 64 --widths 128x128'
    sizes=0.1,0.3,0.5,0.7,0.9 nine_fractions=0.3,0.45,0.6,0.75 band_fractions=0.3:0.51:8 decays='1 2'
    band_model=mlp nine_model=mlp large=3 n_above=1 band_step=0.03
    below=0.31 above=0.5 critical='--from 0.26 --to 0.58 --precision 0.02' ;;
esac
parameters=("steps=$steps" "below=$below" "above=$above" "decays=$decays" "sizes=$(n_values "$sizes")" "large=$large"
    "nine=$(n_values "$nine_fractions")" "band=$(n_values "$band_fractions")" "n_above=$n_above" "step=$band_step")
stop='test_acc>=0.999 for 6'
about() { echo "a + b mod $([ "$SCALE" = paper ] && echo 97 || echo 37), AdamW${what:+, $what}"; }

# --- runs ------------------------------------------------------------------------------------------------------------------

# model MODEL: preset and sizes.  settings MODEL: and how it is trained, where that is not the preset's.
model() {
    case $1 in
    t2) echo "--preset power $prime $t2_size" ;;
    lstm) echo "--preset lstm-e $prime $lstm_size" ;;
    mlp) echo "--preset mlp-e $prime $mlp_size" ;;
    esac
}
settings() { echo "$(model "$1") $pace"; }
# of MODEL COMMAND...: with the seeds of the model
of() {
    local SEEDS=$SEEDS
    [ "$1" = mlp ] || SEEDS=$large_seeds
    "${@:2}"
}
# trained MODEL NAME OPTION...
# shellcheck disable=SC2046
trained() { of "$1" checkpoint "$1-$2" -- grok-train $(machine) $(settings "$1") "${@:3}"; }

# base MODEL FRACTION [DECAY]: as all others begin, until it has generalised
base() {
    trained "$1" "f$2${3:+-decay$3}" --fraction "$2" --steps "$steps" ${3:+--weight-decay "$3"} --stop "$stop"
}
generaliser() { keep=params base mlp 0.5; }
# memoriser: the MLP without decay, and what it was on its way
memoriser() { keep=params trained mlp memoriser --fraction 0.5 --weight-decay 0 --steps 1000 --snapshot-every 50; }
# sized NOISE: of every fraction; noise 1: fixed random labels
sized() {
    keep=params trained mlp "sizes-noise$1" --fraction "$sizes" --label-noise "$1" --steps "$size_steps"
}
# early: of every fraction, as soon as all train items are right
early() {
    keep=params trained mlp sizes-early --fraction "$sizes" --steps "$size_steps" --stop 'train_acc>=1'
}
# critical_size MODEL: runs at sizes that a search chooses
# shellcheck disable=SC2046,SC2086
critical_size() {
    of "$1" search "$1" -- $critical -q -- grok-train $(machine) $(settings "$1") --keep metrics \
        --steps "$([ "$1" = mlp ] && echo "$size_steps" || echo "$band_steps")" --stop 'test_acc>=0.99'
}
# ungrokked MODEL [DECAY]: from the model of 50 % on to the first 10 % of the items, with a fresh optimiser
# shellcheck disable=SC2046
ungrokked() {
    local source=$store/$1-f0.5${2:+-decay$2}$suffix-s@.h5
    keep=params base "$1" 0.5 "${@:2}"
    of "$1" checkpoint "$1-ungrokked${2:+-decay$2}" "$source" -- grok-finetune --from "$source" $(machine) \
        $(settings "$1") --subset 0.1 --steps "$ungrok_steps" ${2:+--weight-decay "$2"}
}

# --- what is shown ---------------------------------------------------------------------------------------------------------

what=''    # said by the figure's script

# measures [CURVES]: a row a run -> $out.runs.tsv; CURVES: p1/, of what is learnt now
measures() { tabulate "$out.runs.tsv" grok-detect --train "${1:-}train_acc" --test "${1:-}test_acc"; }
