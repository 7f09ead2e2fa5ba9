# A row per run with what is known about it; tags; other curves; wrong requests.
. "$TOP/tests/cli/expect.bash"
grok-train --prime 7 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --seed 0,1 --steps 300 --learning-rate 0.01 \
    --threads 1 -q -o run.h5
column() {
    grok-detect "${@:2}" | grep -v '^#' |
        awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) k = i; next } { print $k }'
}
[ "$(column step_end run.h5)" = "$(printf '300\n300')" ]
# the end is the median of the last 5 % of the steps, the crossing that of grok-log
grok-log --final run.h5 | grep -v '^#' | tail -n +2 | awk -F '\t' '{ print $(NF - 1) }' > crossings
[ "$(column step_train_99 run.h5)" = "$(cat crossings)" ]
[ "$(column l2_start run.h5 | head -n 1)" = "$(grok-log -m l2_norm -r 0 run.h5 | grep -v '^#' | sed -n 2p | cut -f 4)" ]
[ "$(column status method=a run.h5 | wc -l)" = 2 ]
[ "$(column method method=a run.h5)" = "$(printf 'a\na')" ]
column test_acc_at_100 --at 100 run.h5 | grep -q '[0-9]'
column plateau_steps --plateau 0:1 run.h5 | grep -q '[0-9]'
[ "$(column test_acc_end --test train_acc run.h5)" = "$(column train_acc_end run.h5)" ]
column status --loss run.h5 | grep -q .
fails 2 "no metric 'p9/test_acc'" grok-detect --test p9/test_acc run.h5
fails 2 "expected LOW:HIGH" grok-detect --plateau 1:0 run.h5
fails 2 "invalid value '0.9,x'" grok-detect --level 0.9,x run.h5
# names and numbers that would make a wrong table
fails 2 "tag 'status' is a column of the table" grok-detect status=x run.h5
fails 2 "tag 'file' is a column of the table" grok-detect file=x run.h5 run.h5
fails 2 "0.9 twice" grok-detect --level 0.9,0.9 run.h5
fails 2 "'--low-quantile'" grok-detect --low-quantile 5 run.h5
fails 2 "'--converged'" grok-detect --converged -1 run.h5
