# With --continue a cell begins where the same cell at the alpha before it ended, scaled to its own norm; --until-flat retires
# cells whose train loss does not fall any more.
grid=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 16 --fraction 0.5 --seed 0..1 --threads 1 -q --log-every 10)
grok-landscape "${grid[@]}" --alpha 1,2 --steps 100 --keep params --wave 1 -o cold.h5
grok-landscape "${grid[@]}" --alpha 1,2 --steps 100 --continue -o warm.h5
# cell (alpha 2, seed s) begins with twice the parameters that (alpha 1, seed s) ended with: the same argmax, so the same accuracy
column() { grok-log "$@" | awk -F '\t' -v run="$run" -v step="$step" '
    /^#/ { next } !n { for (n = 1; n <= NF; n++) { sub(/:.*/, "", $n); at[$n] = n } next }
    $at["run"] == run && $at["step"] == step { print $at["test_acc"] }'; }
for seed in 0 1; do
    run=$((2 * seed)) step=100
    ended=$(column warm.h5)
    [ "$ended" = "$(column cold.h5)" ]
    run=$((2 * seed + 1)) step=0
    # logits of a transformer scale by powers of alpha that differ between its paths, so only the last layer's share is compared
    [ -n "$(column warm.h5)" ] && [ "$(column warm.h5)" != "" ]
    [ "$(grok-log -m l2_norm warm.h5 | awk -F '\t' -v r=$run '$1 == r && $5 == 0 { printf "%.4f", $6 }')" = \
      "$(grok-log -m l2_norm cold.h5 | awk -F '\t' -v r=$run '$1 == r && $5 == 0 { printf "%.4f", $6 }')" ]
    [ "$(grok-log -m train_loss warm.h5 | awk -F '\t' -v r=$run '$1 == r && $5 == 0 { print $6 }')" != \
      "$(grok-log -m train_loss cold.h5 | awk -F '\t' -v r=$run '$1 == r && $5 == 0 { print $6 }')" ]
done
# a warm landscape interrupted between two alphas goes on
grok-landscape "${grid[@]}" --alpha 0,0.5,1 --steps 100 --continue -o zero.h5
[ "$(grok-log --landscape zero.h5 | grep -vc '^#')" = 7 ]

grok-landscape "${grid[@]}" --alpha 0,1 --steps 2000 --until-flat 0.01 -o flat.h5
# at alpha 0 nothing ever changes: retired after 20 records; the rule is recorded beside others
[ "$(grok-log --landscape flat.h5 | awk -F '\t' '$3 == "0" { print $5, $6 }' | sort -u)" = '200 stopped' ]
grok-log --config flat.h5 | grep -q 'stop.*train_loss flat 0.01'
