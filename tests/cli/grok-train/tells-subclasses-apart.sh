# A grid over f and the number of items is one batch; kinds of subclasses, and each of them, have metrics of their own, which
# change no other number and add up; they can be asked for later.
. "$TOP/tests/cli/expect.bash"
blocks=(--task equidistant --items 1600 --test-items 160 --model mlp --widths 8)
small=("${blocks[@]}" --loss mse-onehot --optimizer adam --learning-rate 0.01 --batch 20 --steps 20 --log-every 10
       --size '100,200' --thin '*.1' --thin-to '0,0.2,1' --seed '1,2' -q)
grok-train "${small[@]}" -o plain.h5
grok-train "${small[@]}" --by-subclass kinds -o kinds.h5
grok-train "${small[@]}" --by-subclass each -o each.h5
[ "$(grok-ls plain.h5 | grep -c 'shape group')" -le 1 ]
metrics=train_loss,train_acc,test_loss,test_acc,l2_norm
for file in kinds.h5 each.h5; do
    grok-log -m "$metrics" "$file" | grep -v '^#' > found
    grok-log -m "$metrics" plain.h5 | grep -v '^#' | cmp - found
done
parts=kept/train_acc,thinned/train_acc,kept/test_acc,thinned/test_acc,absent/test_acc,thinned/test_loss
grok-log -m "$parts" kinds.h5 | grep -v '^#' > kinds
grok-log -m "$parts" each.h5 | grep -v '^#' > each
paste kinds each | awk -F '\t' '    # the same but for the order of sums
    NR > 1 { for (i = 1; i <= NF / 2; i++) { d = $i - $(i + NF / 2); if (d > 1e-12 || d < -1e-12) exit 1 } }'

# share of right test items: half of the subclasses are kept, the others thinned; with f 0 these are absent, and not trained on
grok-log -m test_acc,kept/test_acc,thinned/test_acc,absent/test_acc,thinned/train_acc kinds.h5 | grep -v '^#' > table
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { d = $at["test_acc"] - ($at["kept/test_acc"] + $at["thinned/test_acc"]) / 2
      if (d > 1e-9 || d < -1e-9) exit 1
      if ($at["thin_to"] == 0 && ($at["absent/test_acc"] != $at["thinned/test_acc"] || $at["thinned/train_acc"] != "nan")) exit 1
      if ($at["thin_to"] > 0 && ($at["absent/test_acc"] != "nan" || $at["thinned/train_acc"] == "nan")) exit 1
      n++ }
    END { exit n != 36 }' table
grok-log -m 3.1/test_acc each.h5 | grep -q '[0-9]'

# Definition 3.1 of every part that there is: 12 runs, of which 4 have absent subclasses; and of 8 subclasses
grok-detect --parts kinds.h5 | grep -v '^#' > parts
[ "$(awk -F '\t' '{ print $5 }' parts | sort | uniq -c | awk '{ printf "%s %s ", $2, $1 }')" = \
    'absent 4 all 12 kept 12 part 1 thinned 12 ' ]
[ "$(grok-detect --parts each.h5 | grep -vc '^#')" = $((1 + 12 + 28 + 12 * 8)) ]
grok-detect --train kept/train_acc --test kept/test_acc kinds.h5 | grep -v '^#' | cut -f 5- > kept
grep '	kept	' parts | cut -f 6- | diff - <(tail -n +2 kept)

# every seed has train items of its own, and one test set
grok-train "${blocks[@]}" --size 100 --seed 1..3 --init-seed 0 --steps 0 -q -o seeds.h5
[ "$(grok-log -m train_loss seeds.h5 | awk -F '\t' '!/^#/ && NR > 1 { print $NF }' | sort -u | wc -l)" = 3 ]
[ "$(grok-log -m test_loss seeds.h5 | awk -F '\t' '!/^#/ && NR > 1 { print $NF }' | sort -u | wc -l)" = 1 ]

# rules of stopping can speak of subclasses
grok-train "${small[@]}" --by-subclass kinds --stop 'kept/test_acc>=0' -o stopped.h5
[ "$(grok-log -m kept/test_acc stopped.h5 | grep -vc '^#')" = 13 ]

# what was not asked for at the beginning is nan there
grok-train --resume plain.h5 --steps 30 --by-subclass kinds -q
grok-log -r 0 -m kept/test_acc plain.h5 | awk -F '\t' '!/^#/ { print $NF }' | tail -n 4 > column
[ "$(head -n 1 column)" = nan ]
tail -n 1 column | grep -q '^[0-9.]*$'
grok-check plain.h5 kinds.h5 each.h5

refused() { fails 2 "$1" grok-train --dry-run --timing=no "${@:2}"; }
refused "'--by-subclass' is for a single task" --prime 5 --sequence op-mod --join add:7 --by-subclass kinds
refused "'--by-subclass' needs subclasses"     --task teacher-student --model mlp-ts --by-subclass kinds
refused "is for at most 128 subclasses"        --prime 131 --subclasses row --by-subclass each
printf 'item\tsubclass\n1\ttest_acc\n' > bad.tsv
refused "a subclass cannot be called 'test_acc'" --prime 5 --subclasses bad.tsv --by-subclass each
