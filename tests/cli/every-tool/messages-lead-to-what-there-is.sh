# What is not there is said together with what there is, by the names that serve here; and one is one.
. "$TOP/tests/cli/expect.bash"
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --fraction 0.5 --steps 1 --threads 1)
# shellcheck disable=SC2054  # a list of values
grok-train "${tiny[@]}" --seed 0 --weight-decay 0,1 -q -o a.h5
fails 2 "and the columns step run seed weight_decay" grok-plot a.h5 --term --by wd
# other programs' names of options, whatever ours they begin
fails 2 "unknown option '--lr' (here it is '--learning-rate')" grok-train --lr 0.1 -o x.h5
fails 2 "unknown option '--wd' (here it is '--weight-decay')" grok-train --wd=1 -o x.h5
fails 2 "unknown option '--epochs' (here it is '--steps')" grok-train --epochs 3 -o x.h5
fails 2 "option '--lr-schedule' needs a value" grok-train --lr-s
fails 2 "unknown option '--lr'" grok-stat --lr median x
fails 2 "'wd=1': no run of 'a.h5' has such an option: there are weight-decay" grok-pick a.h5 wd=1 -o x.h5
fails 2 "did you mean 'weight-decay'?" grok-pick a.h5 weight-deca=1 -o x.h5

# a column may be named with its unit, as the header has it
grok-log --final a.h5 > t.tsv
head -n 3 t.tsv | grep -q step_test_99:updates
for names in 'run,step_test_99' 'run,step_test_99:updates'; do
    [ "$(grok-rows --select "$names" t.tsv | grep -v '^#' | head -n 1)" = "$(printf 'run\tstep_test_99:updates')" ]
done
[ "$(grok-rows --select 'end=step:updates' t.tsv | grep -v '^#' | head -n 1)" = end:updates ]
grok-rows --drop step:updates t.tsv | grep -v '^#' | head -n 1 | tr '\t' '\n' | not grep -qx step:updates
grok-stat median step:updates --by weight_decay -i t.tsv > out
fails 2 "no table has a column 'step:epochs'" grok-rows --select step:epochs t.tsv

# one run, one step, one group
grok-train "${tiny[@]}" --force -o one.h5 2> err
grep -q ': 1 run, 1 step in ' err
fails 2 'it has 1 run in 1 group' grok-log --run 3 one.h5
fails 2 'has 1 run: there is no run 3' grok-distill --teacher one.h5 --teacher-run 3 -q -o x.h5
