# --subset F is --fraction F of the base's own task, for each run with its seed: train items lie within the base's, or it is
# refused.
. "$TOP/tests/cli/expect.bash"
small='--prime 7 --d-model 8 --n-head 2 --d-mlp 8 --threads 1 -q'
# shellcheck disable=SC2086
grok-train $small --fraction 0.5 --seed 0,1 --steps 4 -o base.h5
grok-finetune --from base.h5 --subset 0.2 --seed 0,1 --steps 2 --threads 1 -q -o small.h5
grok-finetune --from base.h5 --fraction 0.2 --seed 0,1 --steps 2 --threads 1 -q -o same.h5
for file in small same; do grok-log "$file.h5" > "$file"; done
cmp small same
# the base's own task may be named, as a preset does
grok-finetune --from base.h5 --subset 0.2 --task add --prime 7 --seed 0,1 --steps 2 --threads 1 -q --force -o same.h5
grok-log same.h5 > same
cmp small same
items() { grok-eval --print predictions --set train "$1" | cut -f 1,2,5 | sort; }
items base.h5 > of_base
items small.h5 > of_small
[ "$(wc -l < of_small)" -gt 9 ]
[ "$(comm -23 of_small of_base | wc -l)" = 0 ]
fails 2 "'--subset 0.6': 'base.h5' has learnt 0.5 of the items, which is less" \
    grok-finetune --from base.h5 --subset 0.6 --seed 0 -o x.h5
fails 2 "'--prime' names others" grok-finetune --from base.h5 --subset 0.2 --prime 5 --seed 0 -o x.h5
grok-train --task teacher-student --model mlp-ts --steps 2 --threads 1 -q -o reals.h5
fails 2 "'reals.h5' has not" grok-finetune --from reals.h5 --subset 0.2 -o x.h5
