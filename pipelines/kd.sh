# shellcheck shell=bash
# kd.sh -- what the figures of KD share; sourced by pipelines/kd-*.sh.  ("Investigating grokking phenomena below the critical
# data regime": a teacher that grokked on p1 lets a student generalise on p2 from fewer items than it needs alone.)
#
#   SCALE=quick (default): small models, minutes;  paper: the paper's sizes, hours on a CPU
#   SEEDS='0 1': each word is one process and one checkpoint; a word may be a range (0..4: five replicas in one)
#   TASKS='add subtract'   DEVICE=auto   THREADS=N (per process)   BUILD=build   RULES=1: print make's rules instead of running
#   PARTIAL=1: train nothing, show the runs that are there
#   TEMPERATURE=2 KD_WEIGHT=0.5: of all students that are taught at the operator token (default: the scale's)
#
# Every run is a checkpoint $dir/NAME.h5.  A script says which runs it shows, in the paper's words (teacher, alone, taught, ...);
# what is missing is trained.  With RULES=1 the same script prints rules of make, so that `make -j2 kd-fig4b` trains side by side.
set -eu
BUILD=${BUILD:-build} SCALE=${SCALE:-quick} DEVICE=${DEVICE:-auto} RULES=${RULES:-} PARTIAL=${PARTIAL:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -n "$RULES" ] || PATH=$(cd "$BUILD/bin" && pwd):$PATH
figure=$(basename "$0" .sh)
dir=$BUILD/kd/$SCALE

# --- the scales ------------------------------------------------------------------------------------------------------------
# above, below, far: fractions of p2 above its critical size, just below, and well below; enough: of p1, for its teacher.
# shellcheck disable=SC2034    # some figures use them
case $SCALE in
paper)
    p1=113 p2=97 other_primes='97:113 113:59' enough=0.3 above=0.3 below=0.2 far=0.1 steps=30000 early=1000 adamw_decay=1
    model='' larger='--d-model 256 --n-head 8 --d-mlp 1024' training='' default_kd='2 0.5'
    SEEDS=${SEEDS:-0 1 2 3 4} TASKS=${TASKS:-add subtract} ;;
quick)
    # decay, temperature and weight differ from the paper's scale, too: see docs/findings-kd.md
    p1=47 p2=43 other_primes='43:47 47:37' enough=0.45 above=0.45 below=0.33 far=0.25 steps=2000 early=100 adamw_decay=3
    model='--d-model 64 --n-head 4 --d-mlp 256' larger='--d-model 96 --n-head 4 --d-mlp 384'
    training='--learning-rate 0.003 --batch full' default_kd='8 0.9'
    SEEDS=${SEEDS:-0 1} TASKS=${TASKS:-add} ;;
*)  echo "kd.sh: no scale '$SCALE': quick or paper" >&2
    exit 2 ;;
esac
if [ -z "${THREADS:-}" ]; then
    case $SEEDS in *' '*) THREADS=1 ;; *) THREADS=0 ;; esac    # several processes share the cores
fi
suffix=''    # of names: the primes, if they are not the scale's

# with_kd TEMPERATURE WEIGHT: the students from here on.  The scale's own setting has no part in names.
with_kd() {
    setting=-t$1-a$2
    [ "$1 $2" != "$default_kd" ] || setting=''
    kd_options="--temperature $1 --kd-weight $2"
}
with_kd "${TEMPERATURE:-${default_kd% *}}" "${KD_WEIGHT:-${default_kd#* }}"

# with_primes P1 P2: the runs from here on.
with_primes() {
    [ "$1 $2" = "$p1 $p2" ] || suffix=-$1-$2
    p1=$1 p2=$2
    common="--preset kd --vocab-prime $(($1 > $2 ? $1 : $2)) --steps $steps $training --device $DEVICE --threads $THREADS"
}
with_primes $p1 $p2

# --- runs ------------------------------------------------------------------------------------------------------------------
files=() needs=() operands=()

# checkpoint NAME [NEEDED...] -- COMMAND...: the runs NAME, for every word of SEEDS; @ in the arguments stands for the word.
# With `by` set, that script makes the file, and sees to seeds itself; else train.sh does.
checkpoint() {
    local name=$1$suffix word out prerequisites make=("$here/train.sh")
    shift
    [ -z "${by:-}" ] || make=("$here/$by")
    prerequisites=()
    while [ "$1" != -- ]; do prerequisites+=("$1"); shift; done
    shift
    files=()
    for word in $SEEDS; do
        out=$dir/$name-s$word.h5
        [ -z "$PARTIAL" ] || [ -e "$out" ] || continue
        files+=("$out")
        local command=("${@//@/$word}") before=("${prerequisites[@]//@/$word}")
        [ -n "${by:-}" ] || command+=(--seed "$word")
        if [ -z "$RULES" ]; then
            [ -e "$out" ] || "${make[@]}" "$out" "${command[@]}"
        elif [ ! -e "$BUILD/kd/rules/$name-s$word" ]; then    # once, whoever asks for it
            : > "$BUILD/kd/rules/$name-s$word"
            printf '%s: %s | all\n\t@%s $@ %s\n' "$out" "${before[*]}" "${make[*]}" "${command[*]@Q}"
        fi
    done
}

decay() { if [ "$1" = adamw ]; then echo $adamw_decay; else echo 0; fi; }

# teacher TASK OPTIMIZER [OPTION...]: p1 from 30 % of its items.
teacher() {
    # shellcheck disable=SC2086
    checkpoint "$1-teacher-$2$(tr -d ' ' <<< "${*:3}")" -- grok-train $common $model --task "$1" --prime "$p1" \
        --fraction "$enough" --weight-decay "$(decay "$2")" "${@:3}"
}
# chosen TASK: the teachers of everything else.  They are the AdamW runs, but for those that have not grokked (choose.sh).
chosen() {
    local candidate="$dir/$1-teacher-adamw$suffix-s@.h5"
    teacher "$1" adamw
    # shellcheck disable=SC2086
    by=choose.sh checkpoint "$1-chosen" "$candidate" -- "$candidate" @ grok-train $common $model --task "$1" --prime "$p1" \
        --fraction "$enough" --weight-decay "$(decay adamw)"
}
# alone TASK OPTIMIZER FRACTION [OPTION...]: p2 without teacher.
alone() {
    local name=$1-alone-$2-f$3
    [ $# = 3 ] || name=$name$(tr -d ' ' <<< "${*:4}")
    # shellcheck disable=SC2086
    checkpoint "$name" -- grok-train $common $model --task "$1" --prime "$p2" --fraction "$3" \
        --weight-decay "$(decay "$2")" "${@:4}"
}
# taught TASK OPTIMIZER FRACTION [OPTION...]: p2 with KL at the operator token, taught by the chosen teacher of the same seed.
taught() {
    local name=$1-taught-$2-f$3$setting
    [ $# = 3 ] || name=$name$(tr -d ' ' <<< "${*:4}")
    chosen "$1"
    # shellcheck disable=SC2086
    checkpoint "$name" "$dir/$1-chosen$suffix-s@.h5" -- grok-distill $common $model \
        --teacher "$dir/$1-chosen$suffix-s@.h5" --task "$1" --prime "$p2" --fraction "$3" \
        --weight-decay "$(decay "$2")" $kd_options "${@:4}"
}
# Controls: teachers that know nothing, or nothing but their items; and labels smoothed without teacher.
untrained_teacher() {
    # shellcheck disable=SC2086
    checkpoint "$1-untrained" -- grok-train $common $model --task "$1" --prime "$p1" --fraction "$enough" --steps 0
}
memorised_teacher() {
    # shellcheck disable=SC2086
    checkpoint "$1-memorised" -- grok-train $common $model --task "$1" --prime "$p1" --fraction "$enough" --weight-decay 0 \
        --stop 'train_acc>=0.99 for 4'
}
taught_by() {    # taught_by untrained|memorised TASK OPTIMIZER FRACTION
    "$1_teacher" "$2"
    # shellcheck disable=SC2086
    checkpoint "$2-taught-by-$1-$3-f$4" "$dir/$2-$1$suffix-s@.h5" -- grok-distill $common $model \
        --teacher "$dir/$2-$1$suffix-s@.h5" --task "$2" --prime "$p2" --fraction "$4" --weight-decay "$(decay "$3")" $kd_options
}
# The larger model on p1 and p2 at once.  joint TASK FRACTION_1 FRACTION_2: from labels.  kd_only TASK FRACTION_1 FRACTION_2
# TEACHER_2: from the two teachers alone, KL at the last token.
joint() {
    # shellcheck disable=SC2086
    checkpoint "$1-joint-f$2-f$3" -- grok-train $common $larger --task "$1" --prime "$p1" --fraction "$2" \
        --join "$1:$p2:$3" --weight-decay $adamw_decay
}
kd_only() {
    # shellcheck disable=SC2086
    checkpoint "$1-kd-only-f$2-f$3-$4" "$dir/$1-chosen$suffix-s@.h5" "$dir/$1-$4$suffix-s@.h5" -- grok-distill $common \
        $larger --teacher "p1=$dir/$1-chosen$suffix-s@.h5" --teacher "p2=$dir/$1-$4$suffix-s@.h5" --kl-at last \
        --kd-weight 1 --task "$1" --prime "$p1" --fraction "$2" --join "$1:$p2:$3" --weight-decay $adamw_decay
}
# continued TASK MODE FRACTION: from the grokked teacher on to p2, remembering p1 by MODE (none, op, swap, replay).
continued() {
    chosen "$1"
    # shellcheck disable=SC2086
    checkpoint "$1-continued-$2-f$3" "$dir/$1-chosen$suffix-s@.h5" -- grok-finetune $common $model \
        --from "$dir/$1-chosen$suffix-s@.h5" --mode "$2" --task "$1" --prime "$p2" --fraction "$3" \
        --weight-decay $adamw_decay
}

# --- what is shown ---------------------------------------------------------------------------------------------------------

# show TAG=VALUE... -- RUNS...: these runs, with these tags in the tables.
show() {
    local tags=()
    while [ "$1" != -- ]; do tags+=("$1"); shift; done
    shift
    "$@"
    operands+=("${tags[@]}")    # tags stay in force for what is shown next
    needs+=("${files[@]}")
    operands+=("${files[@]}")
}

# In the list of rules: this figure's, and no more of this script.
ready() {
    if [ -n "$RULES" ]; then
        local target=$dir/$figure$setting.claims.tsv list=$dir/$figure$setting.runs.txt
        mkdir -p "$dir"
        [ "$(cat "$list" 2> /dev/null)" = "${needs[*]}" ] || echo "${needs[*]}" > "$list"    # other seeds: another figure
        printf '%s: %s %s | all\n\t@%s\n' "$target" "${needs[*]}" "$list $here/$figure.sh $here/kd.sh $here/kd.claims" \
            "$here/$figure.sh"
        printf '%s: %s\n.PHONY: %s\n' "$figure" "$target" "$figure"
        exit 0
    fi
    mkdir -p "$dir"
    out=$dir/$figure$setting
}

n_seed() { local n=0 word; for word in $SEEDS; do
    case $word in *..*) n=$((n + ${word#*..} - ${word%..*} + 1)) ;; *) n=$((n + 1)) ;; esac; done; echo "$n"; }

# curves METRIC,...: the history of all that is shown -> $out.tsv
curves() { grok-log -m "$1" -o "$out.tsv" "${operands[@]}"; }

# draw TITLE OPTION...: the figure of the curves, SVG and PNG.
draw() {
    local title=$1 format
    shift
    for format in svg png; do
        grok-plot "$out.tsv" --by curve --panel panel --title "$title" --caption "$(caption)" -o "$out.$format" "$@"
    done
    echo "figure $out.svg" >&2
}
caption() {
    local n
    n=$(n_seed)
    echo "$SCALE scale: ${which:-p1 = $p1, p2 = $p2}, $steps updates; $n seed$([ "$n" = 1 ] || echo s)$(
        [ "$n" = 1 ] || echo ', median and range')"
}

# measures NAME OPTION...: one row a run of all that is shown -> $out.NAME.tsv
measures() {
    local name=$1
    shift
    grok-detect --at "$early" --plateau 0.85:0.98 "$@" primes="$p1-$p2" "${operands[@]}" |
        sed "1,/^[^#]/s/test_acc_at_$early/test_acc_at_early/" > "$out.$name.tsv"
}

# judge TABLE...: the claims of this figure -> $out.claims.tsv, shown on the terminal
judge() {
    grok-claims --claims "$here/kd.claims" --figure "$figure" --scale "$SCALE" --set above="$above" --set below="$below" \
        --set far="$far" --set steps="$steps" --set early="$early" -o "$out.claims.tsv" "$@"
    grep -v '^#' "$out.claims.tsv" | cut -f 1,5- | column -t -s "$(printf '\t')" >&2
}

# draw_also NAME TITLE OPTION...: another view of the same curves -> $out-NAME.svg, .png
draw_also() {
    local out_of_figure=$out
    out=$out-$1
    ln -sf "$(basename "$out_of_figure").tsv" "$out.tsv"
    shift
    draw "$@"
    out=$out_of_figure
}

# Rows for both tasks together, and for each apart.
measures_of_joint() {
    measures joint set=joint
    measures p1 --train p1/train_acc --test p1/test_acc set=p1
    measures p2 --train p2/train_acc --test p2/test_acc set=p2
}
