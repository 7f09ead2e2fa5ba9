# Optimiser state, snapshots, parameters and runs can be left out: what goes is said with its bytes, what stays reads as before.
# shellcheck disable=SC2054  # lists of values have commas
. "$TOP/tests/cli/expect.bash"
grid=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --fraction 0.5 --threads 1 --seed 0..3 --snapshot-every 10 -q)
grok-train "${grid[@]}" --steps 30 -o grid.h5
n_param=$(grok-train "${grid[@]}" --steps 30 --dry-run | grok-rows --select parameters - | tail -n 1)

# trimmed WORDS OPTIONS...: into out.h5, and that is said
trimmed() {
    local words=$1
    shift
    grok-trim grid.h5 "$@" --force -o out.h5 2> err
    grep -qF "grok-trim: 'grid.h5' without $words" err || { echo "expected '$words'"; cat err; return 1; }
    grep -qx "grok-trim: 'grid.h5' has $(stat -c %s grid.h5) bytes, 'out.h5' $(stat -c %s out.h5)" err
    [ "$(stat -c %s out.h5)" -lt "$(stat -c %s grid.h5)" ]
    grok-check out.h5
}
rows() { grok-log "$@" | grep -v '^#'; }
arena=$((4 * n_param * 4))    # of four runs in fp32
trimmed "optimizer state (2 slots, $((2 * arena)) bytes)" --drop optimizer
cmp <(rows grid.h5) <(rows out.h5)
cmp <(grok-eval --at all grid.h5 | grep -v '^#') <(grok-eval --at all out.h5 | grep -v '^#')
rows --config out.h5 | grep -q '^keep.params$'
fails 1 "optimizer" grok-train --resume out.h5 --steps 40 -q

trimmed "optimizer state (2 slots, $((2 * arena)) bytes), 4 of 4 snapshots ($((4 * arena)) bytes)" --drop optimizer,snapshots
cmp <(grok-eval grid.h5 | grep -v '^#') <(grok-eval out.h5 | grep -v '^#')
grok-distill --teacher out.h5 "${grid[@]}" --steps 2 --kl-at last -o student.h5

trimmed "2 of 4 snapshots ($((2 * arena)) bytes)" --steps 10,30
for step in 10 30; do
    cmp <(grok-eval --at $step grid.h5 | grep -v '^#') <(grok-eval --at $step out.h5 | grep -v '^#')
done
grok-train --resume out.h5 --steps 40 -q
grok-train "${grid[@]}" --steps 40 -o longer.h5
cmp <(rows longer.h5) <(rows out.h5)

trimmed "optimizer state (2 slots, $((2 * arena)) bytes), last parameters of 4 runs ($arena bytes)" --drop parameters
cmp <(grok-eval --at 30 grid.h5 | grep -v '^#') <(grok-eval --at 30 out.h5 | grep -v '^#')

# Runs keep their numbers, and what was taken apart merges into the whole.
trimmed "2 of 4 runs (" --run 0,2
cmp <(grok-log grid.h5 | grep -v '^#' | grok-rows --where 'run == 0 || run == 2' - | grep -v '^#') <(rows out.h5)
grok-trim grid.h5 --run 1,3 -o others.h5 2> /dev/null
grok-merge out.h5 others.h5 -o whole.h5
"$BUILD/robust/same" grid.h5 whole.h5

# What was left out stays so: the file says it, and resuming goes on with these runs only, which are as in the whole grid.
grok-ls out.h5 | grep -q "some of the grid's were left out"
grok-ls whole.h5 > listed
not grep -q 'left out' listed
grok-train --resume out.h5 2> err
grep -q 'nothing to do' err
for time in first again; do
    grok-train --resume out.h5 --steps 40 -q
    [ "$(grok-log --runs out.h5 | grep -v '^#' | cut -f 1 | tr '\n' ' ')" = 'run 0 2 ' ] || { echo "$time"; exit 1; }
done
cmp <(grok-log longer.h5 | grep -v '^#' | grok-rows --where 'run == 0 || run == 2' - | grep -v '^#') <(rows out.h5)
grok-merge out.h5 --force -o again.h5 2> err || [ "$?" = 3 ]
grok-train --resume again.h5 --steps 50 2> err
grep -q '2 runs, 50 steps' err
# a whole group of them, too
grok-train "${grid[@]}" --prime 5,7 --steps 4 -o groups.h5
grok-trim groups.h5 --run 0..3 -o one.h5 2> /dev/null
grok-train --resume one.h5 --steps 8 -q
[ "$(grok-log --runs one.h5 | grep -vc '^#')" = 5 ]

fails 2 'nothing to drop' grok-trim grid.h5 -o no.h5
fails 2 "invalid value 'optimiser' for '--drop'" grok-trim grid.h5 --drop optimiser -o no.h5
fails 2 'give one of them' grok-trim grid.h5 --drop snapshots --steps 10 -o no.h5
fails 2 'is not a whole number' grok-trim grid.h5 --steps 0.5 -o no.h5
fails 2 "no snapshot at step 15 in 'grid.h5'" grok-trim grid.h5 --steps 10,15 -o no.h5
fails 2 "no run 4 in 'grid.h5'" grok-trim grid.h5 --run 2..4 -o no.h5
fails 1 "will not write over 'grid.h5', which is read" grok-trim grid.h5 --drop optimizer --force -o grid.h5
