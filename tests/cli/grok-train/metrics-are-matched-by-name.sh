# A checkpoint with fewer or other metrics is resumed: what is new is NaN at the records from before, and what is not recorded any
# more from then on.
. "$TOP/tests/cli/expect.bash"

# value METRIC STEP FILE: of run 1
value() { grok-log -r 1 -m "$1" "$3" | awk -F '\t' -v step="$2" '!/^#/ && $3 == step { print $4 }'; }

# as the first version wrote it
old=$TOP/tests/data/two-tasks-0.1.0.h5
grok-train --resume "$old" --steps 40 --metrics test_margin,train_entropy -q -o new.h5
for metric in train_loss p2/test_acc norm/head.bias; do
    for step in 0 10 20; do [ "$(value $metric $step new.h5)" = "$(value $metric $step "$old")" ]; done
    for step in 30 40; do value $metric $step new.h5 | grep -q '^[0-9]'; done
done
for metric in test_margin train_entropy p1/test_margin p2/train_entropy; do
    for step in 0 10 20; do [ "$(value $metric $step new.h5)" = nan ]; done
    for step in 30 40; do value $metric $step new.h5 | grep -q '^-\{0,1\}[0-9]'; done
done

grok-train --resume new.h5 --steps 50 -q    # they were asked for
value p2/test_margin 50 new.h5 | grep -q '[0-9]'
grok-train --resume new.h5 --steps 60 --metrics test_entropy -q
[ "$(value test_margin 60 new.h5)" = nan ]
[ "$(value test_margin 50 new.h5)" != nan ]
value test_entropy 60 new.h5 | grep -q '[0-9]'

# N and N steps are 2 N
small=(--prime 7 --model mlp --input onehot --widths 8 --learning-rate 0.01 --label-smoothing '0,0.1' --metrics all -q)
grok-train "${small[@]}" --steps 50 -o a.h5
grok-train "${small[@]}" --steps 23 -o b.h5
grok-train --resume b.h5 --steps 50 -q
grok-log -m all a.h5 | grep -v '^#' > a
grok-log -m all b.h5 | grep -v '^#' > b
cmp a b

# what training lowers is not what is compared
column() {
    awk -F '\t' -v name="$1" -v s="$2" 'NR == 1 { while ($++at != name) { } next } $3 == s { print $at }' a
}
[ "$(column smoothed_loss 0)" = "$(column train_loss 0)" ]
[ "$(column smoothed_loss 0.1)" != "$(column train_loss 0.1)" ]

fails 2 "'margin' is none of smoothed_loss, " grok-train --metrics margin -o x.h5
fails 2 "'test_margin' is only recorded with '--metrics test_margin'" grok-train --stop 'test_margin>1' -o x.h5
fails 2 "'--metrics test_margin' is of logits of classes" \
    grok-train --task teacher-student --model mlp-ts --metrics test_margin -o x.h5
