# The same fault has the same exit status in every tool: 2 for a column, run or step that the command line names and the file does
# not have, 1 for a file without what the tool needs.
. "$TOP/tests/cli/expect.bash"
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --fraction 0.5 --steps 4 --threads 1 -q)
grok-train "${tiny[@]}" --snapshot-every 2 -o a.h5
grok-train "${tiny[@]}" --keep metrics -o bare.h5
grok-log --final a.h5 > t.tsv
# columns
fails 2 "column 'none'" grok-rows --select none t.tsv
fails 2 "no column 'none'" grok-stat median none -i t.tsv
fails 2 "no column 'none'" grok-plot t.tsv --term -y none
fails 2 "no column 'alpha'" grok-trajectory t.tsv -y train_loss --start 0,0
fails 2 "no metric or column 'none'" grok-plot a.h5 --term -y none
fails 2 "no metric 'none'" grok-log a.h5 -m none
fails 2 "no metric 'none'" grok-detect --train none a.h5
# runs
fails 2 "no run 9" grok-cluster a.h5 --at block0.mlp.in --run 9
for tool in grok-log grok-eval 'grok-export -o x.npz' 'grok-trim -o x.h5'; do
    # shellcheck disable=SC2086
    fails 2 "no run 9 in 'a.h5'" $tool --run 9 a.h5
done
fails 2 "has no run" grok-pick a.h5 seed=9 -o x.h5
# steps
fails 2 "at step 3" grok-export --at 3 a.h5 -o x.npz
fails 2 "at step 3" grok-trim --steps 3 a.h5 -o x.h5
# parameters
for tool in grok-eval 'grok-export -o x.npz' 'grok-fourier -o x.tsv' 'grok-distill -q -o x.h5 --teacher'; do
    # shellcheck disable=SC2086
    fails 1 "no parameters" $tool bare.h5
done
