# Files whose options differ in lists are one grid when together they are: merged it is the file that one command would have made,
# it resumes and teaches.  Files that were to make different numbers of steps say which are behind.
# shellcheck disable=SC2054  # lists of values have commas
. "$TOP/tests/cli/expect.bash"
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --fraction 0.5 --threads 1 -q)
rows() { grok-log "$@" | grep -v '^#'; }
same() {
    grok-check "$2"
    "$BUILD/robust/same" "$1" "$2"
    cmp <(rows --runs "$1") <(rows --runs "$2")
    cmp <(rows --config "$1") <(rows --config "$2")
}
grid=(--seed 0..3 --weight-decay 0,1 --steps 20)
grok-train "${tiny[@]}" "${grid[@]}" -o whole.h5
grok-train "${tiny[@]}" "${grid[@]}" --seed 0..1 -o low.h5
grok-train "${tiny[@]}" "${grid[@]}" --seed 2,3 -o high.h5
grok-merge high.h5 low.h5 -o merged.h5
same whole.h5 merged.h5
[ "$(grok-ls merged.h5 | grep -c '^group')" = 1 ]
grok-train --resume merged.h5 --steps 40 -q --threads 1
grok-train "${tiny[@]}" "${grid[@]}" --steps 40 -o longer.h5
same longer.h5 merged.h5
grok-distill --teacher merged.h5 --teacher-run 5 "${tiny[@]}" --steps 2 --kl-at last -o student.h5

# an option that neither file varies; shards of one of them; groups of several shapes
grok-train "${tiny[@]}" --activation relu,gelu --weight-decay 0,1 --seed 0,1 --steps 5 --force -o whole.h5
grok-train "${tiny[@]}" --activation relu,gelu --weight-decay 0 --seed 0,1 --steps 5 --force -o low.h5
for i in 1 2; do
    grok-train "${tiny[@]}" --activation relu,gelu --weight-decay 1 --seed 0,1 --steps 5 --shard $i/2 -o high$i.h5
done
grok-merge high2.h5 low.h5 high1.h5 --force -o merged.h5
same whole.h5 merged.h5

# a single run of each; what the whole has beside them is said
grok-train "${tiny[@]}" --seed 0 --learning-rate 0.001 --steps 5 --force -o low.h5
grok-train "${tiny[@]}" --seed 1 --learning-rate 0.002 --steps 5 --force -o high.h5
found=0
grok-merge low.h5 high.h5 --force -o merged.h5 2> err || found=$?
[ "$found" = 3 ]
grep -qx 'grok-merge: warning: 2 of the 4 runs of the grid are in none of the parts: 1..2' err

# data of another seed are other data
grok-train --task teacher-student --model mlp-ts --data-seed 0,1 --steps 3 --threads 1 -q --force -o whole.h5
for i in 0 1; do grok-train --task teacher-student --model mlp-ts --data-seed $i --steps 3 --threads 1 -q -o data$i.h5; done
grok-merge data0.h5 data1.h5 --force -o merged.h5
same whole.h5 merged.h5

# different steps: which are behind, and resuming makes the whole
grok-train "${tiny[@]}" --seed 0..3 --steps 30 --force -o whole.h5
grok-train "${tiny[@]}" --seed 0,1 --steps 10 --force -o low.h5
grok-train "${tiny[@]}" --seed 2,3 --steps 30 --force -o high.h5
found=0
grok-merge high.h5 low.h5 --force -o merged.h5 2> err || found=$?
[ "$found" = 3 ]
grep -qx 'grok-merge: warning: 2 runs have not come to the end: 0..1' err
grep -qx "grok-merge: warning: 'low.h5' is behind: 2 of its 2 runs, at step 10 of 30" err
grok-train --resume merged.h5 -q --threads 1
grok-merge merged.h5 --force -o all.h5
same whole.h5 all.h5

# what makes no grid
grok-train "${tiny[@]}" --seed 0 --optimizer sgd --momentum 0.9 --learning-rate 0.001 --steps 5 --force -o high.h5
grok-train "${tiny[@]}" --seed 0 --learning-rate 0.001 --steps 5 --force -o low.h5
fails 1 'the grids of these files do not make one' grok-merge low.h5 high.h5 -o no.h5
fails 1 "run 0 is in 'low.h5' and in 'low.h5'" grok-merge low.h5 low.h5 -o no.h5
