# --keep takes less along, and the tables that need no more stay the same; runs that are not there or not at their end are told
# with status 3; what the file never had is an error.
. "$TOP/tests/cli/expect.bash"
grid=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --fraction 0.5 --threads 1 --seed 0..3 --snapshot-every 10 -q)
grok-train "${grid[@]}" --steps 30 -o grid.h5
size=1000000000
for keep in all params metrics curves results; do
    grok-pick grid.h5 seed=0,1 --keep $keep -o $keep.h5
    grok-check $keep.h5
    [ "$(stat -c %s $keep.h5)" -lt "$size" ] || { echo "--keep $keep keeps as much as what is before it"; exit 1; }
    size=$(stat -c %s $keep.h5)
    cmp <(grok-norms all.h5 | grep -v '^#') <(grok-norms $keep.h5 | grep -v '^#')
    [ $keep = results ] || cmp <(grok-detect all.h5 | grep -v '^#') <(grok-detect $keep.h5 | grep -v '^#')
done
grok-train --resume all.h5 --steps 40 -q
grok-finetune --from params.h5 --seed 0,1 --prime 7 --steps 2 --threads 1 -q -o on.h5
fails 1 'no parameters' grok-finetune --from metrics.h5 --seed 0,1 --prime 7 --steps 2 -o no.h5

fails 2 "'grid.h5' has no run with seed=4" grok-pick grid.h5 seed=4 -o no.h5
fails 2 "has no runs with fraction=0.4: all have fraction 0.5" grok-pick grid.h5 fraction=0.4 -o no.h5
grok-pick grid.h5 fraction=0.5 prime=7 -o whole.h5      # it says what is so
"$BUILD/robust/same" grid.h5 whole.h5

grok-train "${grid[@]}" --steps 30 --shard 1/2 -o half.h5
status=0
grok-pick half.h5 seed=1,2 -o some.h5 2> err || status=$?
[ "$status" = 3 ]
grep -q "1 of the 2 runs wanted are not there: 1" err
[ "$(grok-log --runs some.h5 | grep -vc '^#')" = 2 ]
status=0
grok-pick half.h5 seed=2,3 -o none.h5 2> err || status=$?
[ "$status" = 3 ]
grep -q "2 of the 2 runs wanted are not there: 0..1" err
[ ! -e none.h5 ]
