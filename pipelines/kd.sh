# shellcheck shell=bash
# kd.sh -- what the figures of KD share beyond figures.sh; sourced by pipelines/kd-*.sh.  ("Investigating grokking phenomena below
# the critical data regime": a teacher that grokked on p1 lets a student generalise on p2 from fewer items than it needs alone.)
#
#   TASKS='add subtract'
#   TEMPERATURE=2 KD_WEIGHT=0.5: of all students that are taught at the operator token (default: the scale's)
#
# What else may be set stands in figures.sh.
. "$(dirname "$0")/figures.sh"

# --- the scales ------------------------------------------------------------------------------------------------------------
# above, below, far: fractions of p2 above its critical size, just below, and well below; critical: where and how well that is
# searched; enough: of p1, for its teacher.
# shellcheck disable=SC2034    # some figures use them
case $SCALE in
paper)
    p1=113 p2=97 other_primes='97:113 113:59' enough=0.3 above=0.3 below=0.2 far=0.1 steps=30000 early=1000 adamw_decay=1
    model='' larger='--d-model 256 --n-head 8 --d-mlp 1024' training='' default_kd='2 0.5'
    critical='--from 0.05 --to 0.5 --precision 0.01'
    SEEDS=${SEEDS:-0 1 2 3 4} every_task='add subtract' ;;
quick)
    # decay, temperature and weight differ from the paper's scale, too: see docs/findings-kd.md
    p1=47 p2=43 other_primes='43:47 47:37' enough=0.45 above=0.45 below=0.33 far=0.25 steps=2000 early=100 adamw_decay=3
    model='--d-model 64 --n-head 4 --d-mlp 256' larger='--d-model 96 --n-head 4 --d-mlp 384'
    training='--learning-rate 0.003 --batch full' default_kd='8 0.9'
    critical='--from 0.25 --to 0.73 --precision 0.04'
    SEEDS=${SEEDS:-0 1} every_task=add ;;
esac
TASKS=${TASKS:-$every_task}
every_prime=$(tr : - <<< "$other_primes")
# shellcheck disable=SC2034    # for the claims
parameters=("above=$above" "below=$below" "far=$far" "steps=$steps" "early=$early" "tasks=$every_task" "primes=$every_prime")

# with_kd TEMPERATURE WEIGHT: the students from here on.  The scale's own setting has no part in names.
with_kd() {
    setting=-t$1-a$2
    [ "$1 $2" != "$default_kd" ] || setting=''
    kd_options="--temperature $1 --kd-weight $2" kd_says=${setting:+", t = $1, a = $2"}
}
with_kd "${TEMPERATURE:-${default_kd% *}}" "${KD_WEIGHT:-${default_kd#* }}"

# with_primes P1 P2: the runs from here on.
own_suffix=$suffix
with_primes() {
    [ "$1 $2" = "$p1 $p2" ] || suffix=$own_suffix-$1-$2
    p1=$1 p2=$2
    common="--preset kd --vocab-prime $(($1 > $2 ? $1 : $2)) --steps $steps $training $(machine)"
}
with_primes "$p1" "$p2"

# --- runs ------------------------------------------------------------------------------------------------------------------

decay() { if [ "$1" = adamw ]; then echo "$adamw_decay"; else echo 0; fi; }

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
# The same at fractions that a search chooses.
# shellcheck disable=SC2086
critical_alone() {
    search "$1-alone" -- $critical -q -- grok-train $common $model --task "$1" --prime "$p2" --weight-decay "$adamw_decay" \
        --keep metrics --stop 'test_acc>=0.99'
}
# shellcheck disable=SC2086
critical_taught() {
    chosen "$1"
    search "$1-taught$setting" "$dir/$1-chosen$suffix-s@.h5" -- $critical -q -- grok-distill $common $model \
        --teacher "$dir/$1-chosen$suffix-s@.h5" --task "$1" --prime "$p2" --weight-decay "$adamw_decay" $kd_options \
        --keep metrics --stop 'test_acc>=0.99'
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
    checkpoint "$2-taught-by-$1-$3-f$4$setting" "$dir/$2-$1$suffix-s@.h5" -- grok-distill $common $model \
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

about() { echo "${which:-p1 = $p1, p2 = $p2}, $steps updates${setting:+$kd_says}"; }

# measures NAME OPTION...: one row a run of all that is shown -> $out.NAME.tsv
measures() {
    local name=$1
    shift
    tabulate "$out.$name.tsv" grok-detect --at "$early" --plateau 0.85:0.98 "$@" primes="$p1-$p2"
    rewritten "$out.$name.tsv" --rename "test_acc_at_early=test_acc_at_$early"
}

# Rows for both tasks together, and for each apart.
measures_of_joint() {
    measures joint set=joint
    measures p1 --train p1/train_acc --test p1/test_acc set=p1
    measures p2 --train p2/train_acc --test p2/test_acc set=p2
}
