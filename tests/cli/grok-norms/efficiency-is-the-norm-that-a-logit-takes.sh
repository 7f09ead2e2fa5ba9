# Without biases three maps with ReLU are homogeneous of degree 3, so the scale at which the right logit stands out by L is the
# cube root of L by what it is; of one tensor alone it is their ratio.  The right answer is what was learnt, noise included.
. "$TOP/tests/cli/expect.bash"
grok-train --task add --prime 7 --sequence pair --fraction 0.5 --model mlp --input onehot --widths 32x32 --bias none \
    --init torch --weight-decay 0 --learning-rate 0.01 --batch full --label-noise 0,1 --steps 200 \
    --snapshot-every 100 --threads 1 -q -o run.h5
grok-norms --efficiency --logit 4 run.h5 > all
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { c = (4 / $at["correct_logit"]) ^ (1 / 3)
      n++
      if (!($at["correct_logit"] > 4) || !(($at["scale"] / c - 1) ^ 2 < 1e-11) || $at["scaled"] != "all" ||
          !(($at["norm_needed"] / $at["l2_norm"] / c - 1) ^ 2 < 1e-11) ||
          !(($at["efficiency"] * $at["norm_needed"] / 4 - 1) ^ 2 < 1e-15))
          exit 1 }
    END { exit n != 2 }' all
grok-norms --efficiency --logit 4 --scaled tensors run.h5 > each.tsv
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { n++; if (!(($at["scale"] * $at["correct_logit"] / 4 - 1) ^ 2 < 1e-11)) exit 1 }
    END { exit n != 6 }' each.tsv
# norms are those of the history, parts and tensors make up the whole, and every snapshot has a row
grok-norms run.h5 | grok-rows --where 'step == 200' - | cut -f 5 > recorded
grok-rows --select l2_norm all | cmp - recorded
for what in parts tensors; do
    grok-norms --efficiency --scaled $what run.h5 > some
    awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        FILENAME == "all" { whole[$1] = $at["l2_norm"] ^ 2; next } { whole[$1] -= $at["l2_norm"] ^ 2 }
        END { for (r in whole) if (whole[r] ^ 2 > 1e-8) exit 1 }' all some
done
[ "$(grok-norms --efficiency --at all --items 5 run.h5 | wc -l)" = 7 ]
# a logit that no scale reaches
grok-train --model lstm-e --prime 7 --d-model 8 --widths 8 --steps 3 --threads 1 -q -o lstm.h5
grok-norms --efficiency --scaled tensors --logit 1000 lstm.h5 | tr '\t' ' ' | grep -q 'lstm0.hidden.weight .* inf inf 0$'
fails 2 "'--logit' has no effect here: it is for --efficiency" grok-norms --logit 3 run.h5
fails 2 "'--each' has no effect here" grok-norms --efficiency --each run.h5
fails 2 "invalid value '0' for '--logit'" grok-norms --efficiency --logit 0 run.h5
fails 2 "no parameters at step 7" grok-norms --efficiency --at 7 run.h5
grok-train --task teacher-student --model mlp-ts --steps 2 --threads 1 -q -o reals.h5
fails 2 "'--efficiency' is about classes" grok-norms --efficiency reals.h5
