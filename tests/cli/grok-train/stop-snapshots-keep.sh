# Stop rules retire runs, snapshots are taken on their schedule, --keep leaves things out of the finished file.
. "$TOP/tests/cli/expect.bash"
small='--prime 7 --fraction 0.6 --d-model 16 --n-head 2 --d-mlp 16 --threads 1 -q'
# shellcheck disable=SC2086
grok-train $small --learning-rate 3e-3 --seed 0..1 --steps 3000 --stop 'train_acc>=0.99 for 3' --snapshot-every 25 -o a.h5
grok-log --runs a.h5 | grep -v '^#' > runs
[ "$(grep -c stopped runs)" = 2 ]
h5dump -d /snapshots/step a.h5 | grep -q '(0): 0, 25, 50'

# shellcheck disable=SC2086
grok-train $small --steps 20 --snapshot-growth 2 -o b.h5
h5dump -d /snapshots/step b.h5 | grep -q '(0): 0, 1, 2, 4, 8, 16$'

for keep in all params metrics; do
    # shellcheck disable=SC2086
    grok-train $small --steps 20 --keep $keep -o $keep.h5
    h5ls $keep.h5 | cut -d ' ' -f 1 | tr '\n' ' ' > $keep
done
grep -q 'model optimizer' all
grep -q model params
not grep -q optimizer params
not grep -q -e model -e optimizer metrics
h5diff all.h5 metrics.h5 /history

# A finished run says so; more steps, or another rule, and it goes on.
grok-train --resume all.h5 2> err
grep -q "^grok-train: nothing to do: 'all.h5' is at step 20 of 20" err
grok-train --resume all.h5 --steps 30 2> err
grep -q "30 steps in .*; wrote 'all.h5'$" err
