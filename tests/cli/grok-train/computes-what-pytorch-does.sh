# Loss and norm of the gradient after one step of descent, in float64, are those of PyTorch's modules and autograd: of a
# transformer of reals (nn.TransformerEncoder), of a residual network (nn.Conv2d) and of an LSTM (nn.LSTM).  These numbers, and
# the gradient of every tensor, are what `tests/bench/peers/shift_torch.py check build/bin` and eff_torch.py there compare.
check() {    # NAME REALS CLASSES LOSS NORM
    awk -v n="$2" -v classes="$3" 'BEGIN {
        for (j = 0; j < n; j++) printf "x%d\t", j
        print "label\tset"
        for (i = 0; i < 25; i++) {
            for (j = 0; j < n; j++) printf "%.5f\t", ((37 * i * i + 101 * j + 7 * i * j) % 97 - 48) / 32
            print i % classes "\t" (i == 24 ? "test" : "train")
        } }' > items.tsv
    equal "$1" --reals "$4" "$5"
}
check_tokens() {    # NAME TOKENS LOSS NORM
    awk -v n="$2" 'BEGIN {
        for (j = 0; j < n; j++) printf "x%d\t", j
        print "label\tset"
        for (i = 0; i < 25; i++) {
            for (j = 0; j < n; j++) printf "%d\t", (3 * i * i + 5 * j * j + i * j) % 7
            print i % 7 "\t" (i == 24 ? "test" : "train")
        } }' > items.tsv
    equal "$1" --tokens "$3" "$4"
}
equal() {    # NAME KIND LOSS NORM
    grok-data import items.tsv "$2" 'x*' --label label --split-column set -q --force -o items.h5
    grok-train --data items.h5 --model "$1" --precision fp64 --optimizer sgd --learning-rate 0.1 --weight-decay 0 --steps 1 \
        --log-every 1 --metrics gradient_norm --device cpu --threads 1 -q --force -o run.h5
    grok-log run.h5 | awk -F '\t' -v name="$1" -v loss="$3" -v norm="$4" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        { found[1] = $at["train_loss"]; found[2] = $at["gradient_norm"] }
        END { for (i = 1; i <= 2; i++) {
                  ratio = found[i] / (i == 1 ? loss : norm)
                  if (ratio < 1 - 1e-8 || ratio > 1 + 1e-8) { print name ": " found[i] ", PyTorch " loss ", " norm; bad = 1 } }
              exit bad }'
}
check tf-s 117 4 1.1060748666088098 10.211094062836914
check res 784 10 2.5055257510021778 1.0749504027141059
check_tokens lstm-e 4 1.9485334739627689 0.22635361631549836
