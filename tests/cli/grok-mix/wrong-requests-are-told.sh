. "$TOP/tests/cli/expect.bash"
small='--sequence pair --model mlp --input onehot --widths 8 --batch full --threads 1 -q --steps 20'
# shellcheck disable=SC2086
train() { grok-train $small "$@"; }
train --task add --prime 7 --logits answers --fraction 0.5 --seed 0 --snapshot-every 20 -o a.h5
train --task add --prime 5 --logits answers --fraction 0.5 --seed 0 -o p.h5
train --task subtract --prime 7 --logits answers --fraction 0.5 --seed 0 -o s.h5
train --task add --prime 7 --logits answers --fraction 0.6 --seed 0 -o f.h5
train --task add --prime 7 --logits answers --fraction 0.5 --seed 3,4 -o b.h5
grok-train --task add --prime 7 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --steps 2 --threads 1 -q -o t.h5
grok-train --task teacher-student --model mlp-ts --steps 2 --threads 1 -q -o r.h5
# other inputs, or other names of the classes, are other data, whatever the numbers are
table() { awk -v by="$1" -v one="$2" 'BEGIN { print "x,y"; for (i = 0; i < 8; i++) print i * by "," (i % 2 ? one : "no") }'; }
for one in '1 yes' '2 yes' '1 ja'; do
    file=${one/ /}
    # shellcheck disable=SC2086
    table $one > "$file.csv"
    grok-data import "$file.csv" --reals x --label y -o "$file.data.h5" 2> /dev/null
    grok-train --data "$file.data.h5" --model mlp --widths 4 --fraction 0.5 --steps 2 --threads 1 -q -o "$file.h5"
done
grok-mix --sweep 1yes.h5 1yes.h5 > /dev/null
fails 2 "a mixture is of networks of the same items and classes" grok-mix 1yes.h5 2yes.h5
fails 2 "a mixture is of networks of the same items and classes" grok-mix 1yes.h5 1ja.h5
fails 2 "a mixture is of networks of the same items and classes" grok-mix a.h5 p.h5
fails 2 "'a.h5' learnt add mod 7, 's.h5' subtract mod 7" grok-mix a.h5 s.h5
fails 2 "a mixture is of networks of the same items and classes" grok-mix r.h5 r.h5
train --task add --prime 7 --logits answers --fraction 0.5 --seed 2 --learning-rate 0 -o unlearnt.h5
fails 1 "'unlearnt.h5' (seed 2): a mean correct logit of -0.0531" grok-mix --logit-ratio 2 unlearnt.h5 unlearnt.h5
fails 2 "have other train items: a mixture needs the same" grok-mix a.h5 f.h5
fails 2 "b.h5' has 2 runs, none with seed 0: give the seeds of its runs, or --memorising-run" grok-mix b.h5 a.h5
fails 2 "there is no run 5" grok-mix --generalising-run 5 a.h5 a.h5
fails 2 "has no parameters at step 7" grok-mix --memorising-at 7 a.h5 a.h5
fails 2 "'first': expected last, memorised or the step of a snapshot" grok-mix --memorising-at first a.h5 a.h5
fails 2 "expected last or a snapshot's step" grok-mix --generalising-at memorised a.h5 a.h5
fails 1 "is right on all train items: train with --snapshot-every" grok-mix --memorising-at memorised a.h5 a.h5
fails 2 "a mixture is of two networks, MEMORISING and GENERALISING: these are 3" grok-mix a.h5 a.h5 a.h5
fails 2 "these are 1" grok-mix x=1 a.h5
fails 2 "tag 'seed' is a column of the table" grok-mix seed=1 a.h5 a.h5
fails 2 "'--w-m2' has no effect here: it is for weights that are learnt" grok-mix --sweep --w-m2 1 a.h5 a.h5
fails 2 "'--w-mem' has no effect here: it is for --sweep" grok-mix --w-mem 1 a.h5 a.h5
train --task add --prime 5,7 --logits answers --fraction 0.5 -o two.h5
fails 2 "memorising 'two.h5' has 2 groups of runs: pick one with grok-pick" grok-mix two.h5 a.h5
