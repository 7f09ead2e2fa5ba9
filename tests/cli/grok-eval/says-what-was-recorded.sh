# Losses and accuracies of every kind of model are those of the last record; items add up to them.
small=(--fraction 0.5 --steps 30 --threads 1 -q)
tiny=(--d-model 8 --n-head 2 --d-mlp 16)
n=0
# same OPTIONS...: the run's last record and grok-eval agree to the digits that float32 has
same() {
    n=$((n + 1))
    grok-train "$@" -o $n.h5
    grok-eval $n.h5 | awk 'NR > 1 { print $(NF - 2), $(NF - 1) }' | paste -s -d ' ' > found
    paste <(grok-log --final $n.h5 | tail -n +2) found |
        awk -v what="$*" 'function off(a, b) { return a - b > 2e-5 * (1 + b) || b - a > 2e-5 * (1 + b) }
             { for (i = 1; i <= NF; i++) if ($i ~ /finished/) f = i
               if (off($(f + 1), $(NF - 3)) || off($(f + 2), $(NF - 2)) || off($(f + 3), $(NF - 1)) || off($(f + 4), $NF)) {
                   print "differ: " what ": " $0; exit 1 } }'
}
same --task add --prime 7 "${tiny[@]}" "${small[@]}"
same --task add --prime 7 "${tiny[@]}" "${small[@]}" --norm post --bias all --n-layer 2 --label-noise 0.2 --precision fp64
same --task add --prime 7 "${tiny[@]}" "${small[@]}" --params '*.bias: weight-decay=0' --freeze 'embed.*'
same --task divide --prime 7 "${tiny[@]}" "${small[@]}" --loss mse-onehot --logits answers
same --task add --prime 7 "${tiny[@]}" "${small[@]}" --softmax stablemax --init-scale 3
same --task add --prime 7 --model mlp --widths 16x8 --loss mse-softmax "${small[@]}"
same --task teacher-student --items 20 --model mlp-ts --steps 20 --threads 1 -q
same --task toy-addition --prime 5 --model dec --messiness 0.3 --fraction 0.5 --steps 20 --threads 1 -q
same --task synth-digits --items 50 --model mlp --widths 8 --steps 10 --threads 1 -q

# Items, pairs and answers count the same.
grok-eval --print predictions --set test 1.h5 > items
grok-eval --set test 1.h5 > summary
right() {
    awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "right") c = i }
                 NR > 1 { s += $c; n++ } END { printf "%d %.6f", n, s / n }' items
}
[ "$(right)" = "$(awk -F '\t' 'NR == 2 { printf "%d %.6f", $(NF - 3), $(NF - 1) }' summary)" ]
[ "$(grok-eval --print grid 1.h5 | tail -n +2 | wc -l)" = 49 ]
[ "$(grok-eval --print confusion --set all 1.h5 | awk 'NR > 1 { n += $NF } END { print n }')" = 49 ]

# Tasks and subclasses apart; a run of a grid is the run alone; every snapshot.
grok-train --task add --prime 7 --sequence op-mod --join subtract:7:0.5 "${tiny[@]}" "${small[@]}" --seed 1,2 \
    --snapshot-every 10 -o two.h5
grok-eval --by task --set test --run 1 two.h5 | cut -f 5 | tail -n +2 | tr '\n' ' ' | grep -qx 'add mod 7 subtract mod 7 '
[ "$(grok-eval --at all --set train two.h5 | tail -n +2 | wc -l)" = 8 ]
grok-eval --by subclass --subclasses label --set all 1.h5 | tail -n +2 | wc -l | grep -qx 7

# Other data are matched by the names of their tokens.
grok-train --task add --prime 7 --vocab-prime 11 "${tiny[@]}" "${small[@]}" -o wide.h5
grok-eval --set all wide.h5 > seven
grok-eval --set all --task add --prime 5 --vocab-prime 5 wide.h5 | awk 'NR == 2 { print $5 }' | grep -qx 25
grok-eval --set all --task add --prime 7 --vocab-prime 7 wide.h5 | cmp - seven

# Logits for other programs.
grok-eval --logits 'l-{run}-{step}.npz' --run 0 two.h5 > /dev/null
[ -s l-0-30.npz ]
