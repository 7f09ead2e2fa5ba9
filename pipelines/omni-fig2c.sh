#!/bin/bash
# OMNI, figure 2c: when the student of alpha 2 has memorised and when it generalises, and its norm then, by weight decay gamma.
. "$(dirname "$0")/omni.sh"
gammas=0.03:1:x9 little=6 steps=270000 rate=3e-4    # little: how many are at most 0.3
at_paper_scale || { gammas=0.05,0.1,0.2,0.4 little=3 steps=80000 rate=1e-3; }
show -- trained teacher-decay --preset omni-teacher --weight-decay $gammas --learning-rate $rate --steps $steps \
    --stop 'test_acc>=0.97 for 4'
ready
what="student of 100 items of a teacher, alpha 2, AdamW $rate"
parameters=("rate=$rate" "gammas=$(n_values $gammas)" "little=$little")
times 0.95,0.99
train=$(slope weight_decay step_test_95 "$out.times.tsv" of=train)
test=$(slope weight_decay step_test_95 "$out.times.tsv" of=test)
for curve in train test; do grok-rows --where "of=$curve" -o "$out.$curve.tsv" "$out.times.tsv"; done
grok-rows -o "$out.times.tsv" curve="train: $train" "$out.train.tsv" curve="test: $test" "$out.test.tsv"
rm "$out.train.tsv" "$out.test.tsv"
plot "$out.times.tsv" 'OMNI 2c: 95 % of the items' -x weight_decay -y step_test_95 --by curve --log-x --log-y \
    --style linespoints --xlabel 'weight decay gamma' --ylabel 'updates to 95 %'
cp "$out.times.tsv" "$out-norm.tsv"
plot "$out-norm.tsv" 'OMNI 2c: the norm then' -x weight_decay -y l2_at_test_95 --by of --log-x --style linespoints \
    --xlabel 'weight decay gamma' --ylabel 'norm of all parameters at 95 %' --yrange 0:
judge "$out.times.tsv"
