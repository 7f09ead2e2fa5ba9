# With --resume, another stop rule holds for every run, wherever an earlier one had stopped it: what comes of it is what the rule
# would have come to from the start, in one group.  Runs that diverged stay; those whose state was not kept are told.
# shellcheck disable=SC2054  # lists of values have commas
. "$TOP/tests/cli/expect.bash"
small=(--task add --prime 7 --fraction 0.6 --d-model 16 --n-head 2 --d-mlp 16 --learning-rate 3e-3 --threads 1 --seed 0..3 -q)
early=(--steps 300 --stop 'train_acc>=0.6')
rows() { grok-log "$@" | grep -v '^#'; }

# goes_on RULE OPTIONS...: and is as if it had always been so
goes_on() {
    local rule=$1
    shift
    grok-train "${small[@]}" "$@" "${early[@]}" --force -o b.h5
    [ "$(grok-log --runs b.h5 | grok-rows --select step - | grep -v '^#' | sort -u | wc -l)" -ge 4 ]    # and a header
    grok-train --resume b.h5 --stop "$rule" --steps 400 -q
    grok-train "${small[@]}" "$@" --steps 400 --stop "$rule" --force -o a.h5
    "$BUILD/robust/same" a.h5 b.h5
    rows --config b.h5 | grep -qx "stop.$rule"
}
goes_on none
goes_on 'train_acc>=0.95 for 3' --snapshot-every 20 --batch 8 --dropout 0.1
goes_on 'train_acc>=0.63; train_loss<0.2' --optimizer sgd --momentum 0.9 --learning-rate 0.3 --clip-norm 0.5 --metrics clipped
goes_on 'train_acc>=0.9' --ma-lambda 1 --ma-window 13 --constrain-norm global --weight-decay 1
goes_on 'train_loss<0.5' --prime 5,7 --keep all
goes_on none --stop 'train_acc>=0.95 for 3'    # of two, the second holds

# A rule that all fulfil where they stand lets none go on.
grok-train "${small[@]}" "${early[@]}" --force -o b.h5
cp b.h5 before.h5
grok-train --resume b.h5 --stop 'train_acc>=0.3' 2> err
grep -q 'nothing to do' err
cmp before.h5 b.h5

# A landscape, wave by wave
land=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --threads 1 --alpha 0.5,1,2 --seed 0..1 --wave 4 --keep all -q)
grok-landscape "${land[@]}" --stop 'train_acc>=0.5' --steps 200 -o land.h5
grok-landscape --resume land.h5 --stop 'train_acc>=0.9' -q
grok-landscape "${land[@]}" --stop 'train_acc>=0.9' --steps 200 -o whole.h5
cmp <(rows --landscape whole.h5 | sort) <(rows --landscape land.h5 | sort)

# What diverged stays.
grok-train "${small[@]}" --learning-rate 3e-3,1e30 --steps 50 --stop 'train_acc>=0.3' -o d.h5
grok-train --resume d.h5 --stop none -q
[ "$(rows --runs d.h5 | grep -c finished)" = 4 ]
[ "$(rows --runs d.h5 | grep -c diverged)" = 4 ]

# Without the optimiser's state nothing goes on: one line says so, and the file stays as it is.
grok-train "${small[@]}" "${early[@]}" --keep params -o p.h5
cp p.h5 before.h5
grok-train --resume p.h5 --stop none 2> err
grep -q "warning: 4 runs stay as an earlier rule stopped them: 'p.h5' does not hold the optimiser's state" err
cmp before.h5 p.h5
