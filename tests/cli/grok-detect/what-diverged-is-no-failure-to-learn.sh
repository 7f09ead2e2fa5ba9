# A run that diverges has NaN for metrics, the status diverged, and no part in medians.
any=(--widths 16 --batch full --log-every 5 --keep metrics)
small=(--prime 7 --model mlp --input onehot "${any[@]}" -q)
grok-train "${small[@]}" --optimizer sgd --learning-rate '0.1,1e30' --seed 0..2 --steps 30 -o run.h5
column() { awk -F '\t' -v name="$1" '/^#/ { next } !at { while ($++at != name) { } next } { print $at }' "$2"; }

# the last record of a diverged run: no accuracy that argmax makes of NaN
grok-log --final run.h5 > final.tsv
[ "$(column status final.tsv | sort | uniq -c | xargs)" = '3 diverged 3 finished' ]
for metric in train_acc test_acc collapsed zero_loss; do
    awk -F '\t' -v name="$metric" '/^#/ { next } !at { while ($++at != name) { } while ($++status != "status") { } next }
        { n += $status == "diverged" ? $at == "nan" : $at ~ /^[0-9]/ } END { exit n != 6 }' final.tsv
done
[ "$(column step_test_99:updates final.tsv | sort | uniq -c | xargs)" = '3 3 inf' ]    # none, and never

grok-detect run.h5 > measures.tsv
[ "$(column status measures.tsv | grep -c diverged)" = 3 ]
[ "$(column test_acc_end measures.tsv | grep -c nan)" = 3 ]
[ "$(column step_test_99 measures.tsv | sort | uniq -c | xargs)" = '3 inf 3 nan' ]
grok-stat median test_acc_end --by learning_rate -i measures.tsv 2> note > medians.tsv
grep -q '3 of 6 rows have no value and are left out' note
grok-stat count test_acc_end --by learning_rate -i measures.tsv 2> note | grep -q "$(printf '^1e+30\t0\t0\t3$')"

# accuracy of targets is nothing to be reached
grok-train "${any[@]}" --task teacher-student --model mlp-ts --loss mse --size 20 --steps 5 -o reals.h5 2> said
grep -q '1 run, 5 steps in ' said
if grep -q reached said; then exit 1; fi
grok-train "${small[@]}" --quiet=no --steps 5 -o classes.h5 2>&1 | grep -q '0 reached test_acc 0.99'
