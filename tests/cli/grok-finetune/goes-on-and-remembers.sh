# Going on from a checkpoint: its weights, its vocabulary, its task beside the new one; ways to remember; what is frozen stays.
. "$TOP/tests/cli/expect.bash"
tiny='--d-model 8 --n-head 2 --d-mlp 8 --threads 1 -q'
# shellcheck disable=SC2086
grok-train $tiny --preset kd --prime 11 --vocab-prime 11 --fraction 0.5 --batch full --steps 200 --seed 3,4 -o base.h5
value() { grok-log -m "$2" "$1" | grep -v '^#' | awk -F '\t' -v seed="$3" '$2 == seed { print $NF }' | "${4:-head}" -n 1; }

# step 0 is the checkpoint: the old task is as good as it was, on the same test items
grok-finetune --from base.h5 --prime 7 --fraction 0.4 --seed 3,4 --steps 10 --threads 1 -q -o c.h5 2> /dev/null
for seed in 3 4; do
    [ "$(value c.h5 p2/test_acc $seed)" = "$(value base.h5 test_acc $seed tail)" ]
    [ "$(value c.h5 p2/test_loss $seed)" = "$(value base.h5 test_loss $seed tail)" ]
    [ "$(value c.h5 l2_norm $seed)" = "$(value base.h5 l2_norm $seed tail)" ]
done
grok-log --lineage c.h5 | grep -q "$(printf '1\tbase\tbase.h5')"

# every mode runs, and is resumed to the same bytes
for mode in none op swap replay; do
    go() {
        grok-finetune --from base.h5 --from-run 1 --prime 7 --fraction 0.4 --mode $mode --batch 8 \
            --also-eval subtract:11 --threads 1 -q --force "$@" 2> /dev/null
    }
    go --steps 30 -o a.h5
    go --steps 13 -o b.h5
    grok-finetune --resume b.h5 --steps 30 -q 2> /dev/null
    for object in /model /optimizer /history /runs; do h5diff a.h5 b.h5 $object; done
    value a.h5 p3/test_acc 0 | grep -q '[0-9]'
done

# kept moments, on the same data: as if it had never stopped
# shellcheck disable=SC2086
grok-train $tiny --preset kd --prime 11 --vocab-prime 11 --fraction 0.5 --batch full --steps 260 --seed 3 -o whole.h5
on() {
    grok-finetune --from base.h5 --from-run 0 --prime 11 --fraction 0.5 --weight-decay 1 --seed 3 --threads 1 -q "$@" 2> /dev/null
}
on --state kept --steps 60 -o kept.h5
h5diff whole.h5 kept.h5 /model
on --steps 60 -o fresh.h5
not h5diff -q whole.h5 fresh.h5 /model
on --state kept --steps 20 -o part.h5
grok-finetune --resume part.h5 --steps 60 -q 2> /dev/null
h5diff kept.h5 part.h5 /model

# frozen parameters stay, the others move
grok-finetune --from base.h5 --from-run 0 --prime 7 --freeze 'embed.*,block0.attention.*' --weight-decay 1 --steps 20 \
    --threads 1 -q -o frozen.h5 2> /dev/null
first() { h5dump -d "/model/$1.weight" -s 0,0,0 -c 1,8,8 "$2" | grep '(0,[0-7],'; }    # 8 x 8 numbers of the first run
diff <(first embed base.h5) <(first embed frozen.h5)
not diff <(first unembed base.h5) <(first unembed frozen.h5) > differences
[ "$(grep -c '^<' differences)" -ge 8 ]
h5dump -a /model/embed.weight/trainable frozen.h5 | grep -q '(0): FALSE'
h5dump -a /model/unembed.weight/trainable frozen.h5 | grep -q '(0): TRUE'

fails 2 'give --from CHECKPOINT' grok-finetune -q --steps 3 -o x.h5
fails 1 "base: cannot read 'none.h5'" grok-finetune -q --steps 3 --from none.h5 -o x.h5
fails 2 'none with seed 0' grok-finetune -q --steps 3 --from base.h5 --prime 7 -o x.h5
fails 2 'a vocabulary of 15 tokens' grok-finetune -q --steps 3 --from base.h5 --prime 11 --vocab-prime 13 --seed 3 -o x.h5
fails 2 "of base 'base.h5' has another shape" grok-finetune -q --steps 3 --from base.h5 --prime 7 --seed 3 --d-model 16 -o x.h5
fails 2 "no parameter matches 'block9.*'" grok-finetune -q --steps 3 --from base.h5 --prime 7 --seed 3 --freeze 'block9.*' -o x.h5
fails 2 'nothing is left to train' grok-finetune -q --steps 3 --from base.h5 --prime 7 --seed 3 --freeze '*' -o x.h5
fails 1 "will not write over 'base.h5', which is read" grok-finetune -q --steps 3 --from base.h5 --prime 7 --seed 3 -o base.h5
# shellcheck disable=SC2086
grok-train $tiny --preset kd --prime 11 --vocab-prime 11 --batch full --steps 5 --keep params -o bare.h5
fails 1 "has no '/optimizer/m' to go on with: give --state fresh" \
    grok-finetune -q --steps 3 --from bare.h5 --prime 7 --state kept -o x.h5

# items of a file, or with classes, cannot stand beside the old ones: only what is learnt now is evaluated
grok-data --prime 7 --sequence op-mod --vocab-prime 11 -q -o items.h5
grok-finetune --from base.h5 --data items.h5 --seed 3 --steps 5 --threads 1 -q --force -o c.h5 2> err
grep -q "what 'base.h5' has learnt is not evaluated: items or splits of a file stand alone" err
grok-log -m all c.h5 | not grep -q p2/
fails 2 "'--mode replay' needs the task of 'base.h5' beside the new one" \
    grok-finetune -q --from base.h5 --data items.h5 --seed 3 --mode replay -o x.h5
digits='--task synth-digits --items 60 --steps 5 --threads 1 -q'
# shellcheck disable=SC2086
grok-train $digits --model mlp-784 --loss mse-onehot -o digits.h5
# shellcheck disable=SC2086
grok-finetune $digits --from digits.h5 --data-seed 4 -o more.h5 2> err
grep -q "only tasks modulo a prime can stand beside each other" err
[ "$(value more.h5 train_acc 0)" != "$(value digits.h5 train_acc 0 tail)" ]    # other digits
