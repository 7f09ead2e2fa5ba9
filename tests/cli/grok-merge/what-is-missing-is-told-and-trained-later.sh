# What is there is merged, what is missing is told with status 3; the merged file can be resumed, and comes to be the whole grid.
# shellcheck disable=SC2054  # lists of values have commas
. "$TOP/tests/cli/expect.bash"
grid=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --fraction 0.5 --threads 1 --seed 0..4 --activation relu,gelu
    --steps 300 -q)
grok-train "${grid[@]}" -o whole.h5
for i in 1 2 4; do grok-train "${grid[@]}" --shard "$i/5" -o "s$i.h5"; done
found=0
grok-train "${grid[@]}" --shard 5/5 --time-limit 0.01s -o s5.h5 2> err || found=$?
[ "$found" = 4 ]

found=0
grok-merge s1.h5 s2.h5 s3.h5 s4.h5 s5.h5 -o part.h5 2> err || found=$?
[ "$found" = 3 ]
grep -Eqx "grok-merge: warning: [23] of the 10 runs of the grid are in none of the parts: 4..5( 9)?" err
grep -Eqx "grok-merge: warning: (2 runs have|1 run has) not come to the end: (8|9|8..9)" err
grep -qx "grok-merge: warning: not there: 's3.h5'" err
grok-check part.h5
# a late shard is merged into what was merged
grok-train "${grid[@]}" --shard 3/5 -o s3.h5
grok-merge part.h5 s3.h5 -o later.h5 2> err || found=$?
[ "$found" = 3 ]
not grep -q ': 4..5' err
# both go on to be the whole
for file in part.h5 later.h5; do
    grok-train --resume "$file" --threads 1 -q
    grok-merge "$file" --force -o all.h5
    "$BUILD/robust/same" whole.h5 all.h5
done
grok-train "${grid[@]}" --resume-or-start -o part.h5    # and say that all is done

# a part that is not there is told by the status, whatever the others hold: its name may be wrong
found=0
grok-merge whole.h5 hwole.h5 --force -o all.h5 2> err || found=$?
[ "$found" = 3 ]
grep -qx "grok-merge: warning: not there: 'hwole.h5'" err
"$BUILD/robust/same" whole.h5 all.h5

# A landscape: the waves of its parts, and what is missing is trained
land=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --threads 1 --alpha 0.5,1,2 --seed 0..1 --steps 60 -q)
grok-landscape "${land[@]}" --force -o whole.h5
grok-landscape "${land[@]}" --shard 1/3 -o l1.h5
grok-landscape "${land[@]}" --shard 3/3 -o l3.h5
fails 1 'there is nothing to merge' grok-merge l2.h5 -o part.h5
grok-merge l3.h5 l1.h5 --force -o part.h5 2> err || [ "$?" = 3 ]
grok-landscape --resume part.h5 --threads 1 -q
cmp <(grok-log --landscape whole.h5 | grep -v '^#' | sort) <(grok-log --landscape part.h5 | grep -v '^#' | sort)
# what would begin with a cell that is there no more is an error
grok-landscape "${land[@]}" --continue --shard 1/3 --force -o l1.h5
grok-merge l1.h5 --force -o part.h5 2> err || [ "$?" = 3 ]
fails 1 'which the checkpoint does not hold' grok-landscape --resume part.h5 --threads 1 -q
