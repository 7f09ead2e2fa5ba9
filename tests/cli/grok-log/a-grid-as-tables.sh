# The tables of a grid over shapes: columns of all groups, a row per record and run, filters, and several files.
. "$TOP/tests/cli/expect.bash"
train() { grok-train --task add --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --log-growth 2 -q "$@"; }
train --prime 5,7 --weight-decay 0.1,1 --seed 3,4 --steps 40 -o grid.h5
train --prime 5 --steps 10 -o one.h5

table() { grep -v '^#' "$1"; }
grok-log grid.h5 > history
header=$(printf 'run\tseed\tprime\tweight_decay\tstep:updates\ttrain_loss\ttrain_acc\ttest_loss')
[ "$(table history | head -n 1 | cut -f 1-8)" = "$header" ]
[ "$(table history | awk -F '\t' '{ print NF }' | sort -u | wc -l)" = 1 ]
records=$(grok-log grid.h5 --run 0 | table - | tail -n +2 | wc -l)
[ "$(table history | tail -n +2 | wc -l)" = $((records * 8)) ]
[ "$(table history | tail -n 1 | cut -f 5)" = 40 ]
cmp history <(grok-log - < grid.h5)
# Standard output is a header and rows, as column and awk want it; a file says where it came from.
not grep '^#' history
grok-log -o file grid.h5
grep -q '^# grok-log -o file grid.h5' file
grep -q '^# grid.h5 sha256 [0-9a-f]*, grok-train [^,]*, cpu, fp32, data [0-9a-f]*, made by: grok-train --task add' file
[ "$(grok-log --final grid.h5 | column -t -s "$(printf '\t')" | awk '{ print NF }' | sort -u | wc -l)" = 1 ]
grok-log - -o file < <(cat grid.h5)
cmp <(table file) <(table history)

# One row per run.
grok-log --runs grid.h5 > runs
[ "$(table runs | head -n 1)" = "$(printf 'run\tseed\tprime\tweight_decay\tstep:updates\tstatus\tgroup')" ]
[ "$(table runs | tail -n +2 | cut -f 1 | tr '\n' ' ' | tr -s ' ' '\n' | sort -n | paste -sd ' ')" = '0 1 2 3 4 5 6 7' ]
[ "$(grok-log --runs --group 1 grid.h5 | table - | tail -n +2 | cut -f 7 | sort -u)" = 1 ]
grok-log --final -m test_acc,train_loss grid.h5 > final
header=$(printf 'status\ttest_acc\ttrain_loss\tstep_train_99:updates\tstep_test_99:updates')
[ "$(table final | head -n 1 | cut -f 6-)" = "$header" ]
[ "$(table final | wc -l)" = 9 ]

# Several files get a column that says which; what a file lacks is empty.
grok-log --final -m test_acc grid.h5 one.h5 > both
[ "$(table both | head -n 1 | cut -f 1,2)" = "$(printf 'file\trun')" ]
[ "$(table both | tail -n 1 | cut -f 1-5)" = "$(printf 'one.h5\t0\t0\t\t')" ]

# Lines of JSON say the same.
grok-log --final --json -m test_acc grid.h5 > json
[ "$(wc -l < json)" = 8 ]
[ "$(grep -c '^{' json)" = 8 ]
grep -q '^{"run": 0, "seed": 3, "prime": 5, "weight_decay": 0.1, "step": 40, "status": "finished", "test_acc": ' json
