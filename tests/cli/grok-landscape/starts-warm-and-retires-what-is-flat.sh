# With --continue a cell begins where the same cell at the alpha before it ended, scaled to its own norm; --until-flat retires
# cells whose train loss does not fall any more.
grid=(--seed 0..1 --threads 1 -q --log-every 10)
# a ReLU network without biases: scaled, it gives the same answers
scaled=(--task add --prime 11 --sequence pair --model mlp --input onehot --widths 16 --bias none --fraction 0.5)
grok-landscape "${scaled[@]}" "${grid[@]}" --alpha '1,2' --steps 100 -o cold.h5
grok-landscape "${scaled[@]}" "${grid[@]}" --alpha '1,2' --steps 100 --continue -o warm.h5
# value METRIC RUN STEP FILE
value() {
    grok-log -m "$1" "$4" | awk -F '\t' -v metric="$1" -v run="$2" -v step="$3" '
        /^#/ { next }
        !n { for (n = 1; n <= NF; n++) { sub(/:.*/, "", $n); at[$n] = n } next }
        $at["run"] == run && $at["step"] == step { printf "%.5f\n", $at[metric] }'
}
for seed in 0 1; do
    first=$((2 * seed)) second=$((2 * seed + 1))
    [ -n "$(value train_acc $second 0 warm.h5)" ]
    [ "$(value train_acc $second 0 warm.h5)" = "$(value train_acc $first 100 warm.h5)" ]
    [ "$(value test_acc $second 0 warm.h5)" = "$(value test_acc $first 100 warm.h5)" ]
    [ "$(value train_acc $second 0 warm.h5)" != "$(value train_acc $second 0 cold.h5)" ]
    # the sphere is that of its own alpha, and a cell without one before it begins as usual
    [ "$(value l2_norm $second 0 warm.h5)" = "$(value l2_norm $second 0 cold.h5)" ]
    [ "$(value test_loss $first 100 warm.h5)" = "$(value test_loss $first 100 cold.h5)" ]
done
# behind alpha 0 there is nothing to scale
small=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 16 --fraction 0.5)
grok-landscape "${small[@]}" "${grid[@]}" --alpha '0,0.5,1' --steps 100 --continue -o zero.h5
[ "$(grok-log --landscape zero.h5 | grep -vc '^#')" = 7 ]

grok-landscape "${small[@]}" "${grid[@]}" --alpha '0,1' --steps 2000 --until-flat 0.01 -o flat.h5
# at alpha 0 nothing ever changes: retired after 20 records; the rule is recorded beside others
[ "$(grok-log --landscape flat.h5 | awk -F '\t' '$3 == "0" { print $5, $6 }' | sort -u)" = '200 stopped' ]
grok-log --config flat.h5 | grep -q 'stop.*train_loss flat 0.01'
