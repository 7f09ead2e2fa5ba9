# Runs are asked several at once, and each answers as if it were alone: groups of several shapes, messy inputs, other data,
# snapshots without last parameters; the table of right and wrong draws as it is.
# shellcheck disable=SC2054  # lists of values have commas
. "$TOP/tests/cli/expect.bash"
tiny=(--task add --prime 7 --fraction 0.5 --threads 1 -q --steps 20)
grok-train "${tiny[@]}" --d-model 8 --n-head 2 --d-mlp 8,16 --seed 0..2 --snapshot-every 10 -o grid.h5
grok-train --preset omni-toy --messiness 0.5,1 --seed 0,1 --steps 20 --threads 1 -q -o toy.h5
rows() { grok-eval --threads 1 "$@" | grep -v '^#'; }
for file in grid toy; do
    rows --at all $file.h5 > together
    head -n 1 together > alone
    for run in $(grok-log --runs $file.h5 | grok-rows --select run - | tail -n +2); do
        rows --at all --run "$run" $file.h5 | tail -n +2 >> alone
    done
    sort alone | diff - <(sort together)
done
rows --task subtract grid.h5 > other
[ "$(wc -l < other)" = 13 ]
[ "$(rows --task subtract --run 4 grid.h5 | tail -n +2)" = "$(grep $'^4\t' other)" ]
grok-trim grid.h5 --drop parameters --steps 10 -o few.h5 2> /dev/null
cmp <(rows --at 10 grid.h5) <(rows --at 10 few.h5)
cmp <(rows grid.h5) <(rows --threads 2 grid.h5)
grok-eval --print grid --run 0 grid.h5 | grok-plot - --heatmap right -x a -y b -o f.svg
[ "$(grok-eval --print grid --run 0 grid.h5 | grep -vc '^#')" = 50 ]
fails 2 "invalid value 'gpu' for '--device'" grok-eval --device gpu grid.h5
GK_PLUGIN_DIR=/nowhere fails 1 "cannot use '--device cuda': no plug-in '/nowhere/libgrok-cuda.so'" grok-eval --device cuda grid.h5
