# 2N steps = N steps, resumed for N more: the same bytes in /model, /optimizer and /history, whatever has state.
. "$TOP/tests/cli/expect.bash"
small='--task add --prime 7 --fraction 0.6 --d-model 8 --n-head 2 --d-mlp 8 --threads 1 -q'

same() {
    local object
    for object in /model /optimizer /history /runs; do
        h5diff a.h5 b.h5 "$object" > differences || { echo "$object differs with: $*"; cat differences; return 1; }
    done
}
check() {
    # shellcheck disable=SC2086
    grok-train $small "$@" --steps 80 --force -o a.h5
    # shellcheck disable=SC2086
    grok-train $small "$@" --steps 37 --force -o b.h5
    grok-train --resume b.h5 --steps 80 -q
    same "$@"
}
check
check --seed 0..2 --batch 10 --weight-decay 1
check --seed 0..1 --batch half512 --label-noise 0.2
check --dropout 0.1 --weight-noise 0.01 --update-noise 0.1 --gradient-noise 0.1
check --ema-lambda 2 --ma-lambda 1 --ma-window 13
check --decay-form init --weight-decay 1
check --decay-form jitter --weight-decay 1
check --optimizer sgd --momentum 0.9 --learning-rate 0.1 --clip-norm 0.5 --metrics clipped
check --constrain-norm global --init-scale 0.8 --orthogonal
check --constrain-norm layer --seed 0..1
check --params '@embedding: learning-rate=1e-4,1e-2; *.bias: weight-decay=0' --params 'unembed.*: freeze' --weight-decay 1
check --constrain-norm omnigrok-q --project between --init-scale 0,1.5
check --precision fp64 --lr-schedule cosine --lr-decay-steps 60 --warmup 5
check --learning-rate 1e-3,1e6 --optimizer sgd --momentum 0.1
check --prime 5,7 --stop 'train_acc>=0.5 for 2'
h5diff a.h5 b.h5 /group1 > differences

# and the comparison would see a difference
# shellcheck disable=SC2086
grok-train $small --steps 80 --prime 5,7 --init-seed 1 --force -o b.h5
not same
small='--task add --prime 7 --fraction 0.6 --d-model 8 --threads 1 -q'    # without what is a transformer's
check --model mlp --widths 8x8 --sequence pair
