# --state kept: a run goes on with the state that is its own, filters too; what is not begins anew, is said, and is in the record.
. "$TOP/tests/cli/expect.bash"
tiny='--prime 7 --fraction 0.6 --d-model 8 --n-head 2 --d-mlp 8 --weight-decay 1 --threads 1 -q'
# shellcheck disable=SC2086
base() { grok-train $tiny "${@:2}" --steps 30 -o "$1" --force; }
# shellcheck disable=SC2086
on() { grok-finetune --from "$1" $tiny "${@:3}" --steps 20 -o "$2" --force 2> err; }
seen() { grok-log --runs "$1" | grep -v '^#' | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    NR > 1 { print $at["moment_step"], $at["ema_step"], $at["ring_step"] }'; }
anew() { grep -qF -- "$1" err || { echo "not said: $1"; cat err; return 1; }; }

# the same optimiser and filters: 30 + 20 updates are 50, bit by bit
n=0
for options in '--optimizer lion' '--optimizer sgd --momentum 0.9 --learning-rate 0.1' '--optimizer signsgd --momentum 0.9' \
    '--ema-lambda 2 --ema-alpha 0.9' '--ma-window 7 --ma-lambda 2'; do
    n=$((n + 1))
    # shellcheck disable=SC2086
    base b$n.h5 $options && grok-train $tiny $options --steps 50 -o whole.h5 --force && on b$n.h5 kept.h5 $options --state kept
    h5diff whole.h5 kept.h5 /model
    not grep -q 'begins anew' err
    # shellcheck disable=SC2086
    grok-finetune --from b$n.h5 $tiny $options --state kept --steps 8 -o part.h5 --force 2> err
    grok-finetune --resume part.h5 --steps 20 -q 2> err
    for object in /model /optimizer /runs; do h5diff part.h5 kept.h5 $object; done
done
[ "$(seen kept.h5)" = '30 0 30' ]

# adamw's moments are adam's, too
base a.h5
on a.h5 k.h5 --state kept --optimizer adam --weight-decay 0
not grep -q 'begins anew' err
[ "$(seen k.h5)" = '30 0 0' ]

# a filter that the base did not have begins with the first gradient, as in a fresh run
on a.h5 k.h5 --state kept --optimizer sgd --ema-lambda 2
anew "Grokfast's average begins anew (the base has none)"
anew "the optimiser's state is not gone on with"
on a.h5 fresh.h5 --optimizer sgd --ema-lambda 2
h5diff k.h5 fresh.h5 /model
[ "$(seen k.h5)" = '0 0 0' ]

# of another optimiser: anew, both ways; another window, too
for pair in 'a.h5 lion adamw' 'b2.h5 adamw sgd' 'b1.h5 adam-atan2 lion'; do
    # shellcheck disable=SC2086
    set -- $pair
    on "$1" k.h5 --state kept --optimizer "$2"
    anew "the optimiser's state begins anew (the base's is of $3)"
    on "$1" fresh.h5 --optimizer "$2"
    h5diff k.h5 fresh.h5 /model
done
on b5.h5 k.h5 --state kept --ma-window 8 --ma-lambda 2
anew "Grokfast's window begins anew (the base's is of 7 gradients)"
on b4.h5 k.h5 --state kept
anew "Grokfast's average is not gone on with"

# a base that was written without its state is refused
base n.h5 --keep params
# shellcheck disable=SC2086
fails 1 "has no '/optimizer/m' to go on with" grok-finetune --from n.h5 $tiny --state kept --steps 3 -o x.h5

# runs that had not begun when a grid was interrupted begin with the base, not with initial parameters
# shellcheck disable=SC2086
grid() { grok-finetune --from a.h5 $tiny --optimizer adamw,sgd --log-every 1000 --force "$@" 2> err; }
grid --steps 3000 -o whole.h5
grid --steps 3000 -o part.h5 --time-limit 0.02s && exit 1
not h5dump -H -g /group1 part.h5 > out 2>&1
grok-finetune --resume part.h5 -q 2> err
h5diff whole.h5 part.h5 /group1/model
