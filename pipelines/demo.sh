#!/bin/bash
# demo.sh -- train until it groks, in about half a minute on two cores: a one-layer transformer learns addition modulo 59 from
# 40 % of the table.  It knows its training items by heart after some 60 updates, and how to add after many hundreds.
#
# Claim: in every run, test accuracy reaches 99 % at least 5 times as many updates after the start as train accuracy does.
# (Before that, test accuracy rises to a third or so: a + b is known where b + a was learnt by heart.)
# Figure: $BUILD/figures/demo.svg and .png; numbers: demo.tsv beside them.  Called by `make demo`; needs the tools in PATH.
set -eu
figures=${BUILD:-build}/figures
mkdir -p "$figures"
checkpoint=$figures/demo.h5

say() { printf '\n%s\n' "$*"; }
show() {    # show COMMAND...: print it as one would type it, and run it
    printf '$'
    printf ' %s' "${@@Q}" | sed -E "s/'([][A-Za-z0-9_.,:/%+=-]+)'/\1/g"
    printf '\n'
    "$@"
}

say 'Training three seeds at once; each stops when it has understood.'
show grok-train --task add --prime 59 --fraction 0.4 --seed 0..2 --d-model 96 --d-mlp 384 \
    --learning-rate 0.003 --weight-decay 2 --steps 3000 --stop 'test_acc>=0.99 for 4' -o "$checkpoint"

say 'How it ended:'
show grok-log --final -m train_acc,test_acc -o "$figures/demo.tsv" "$checkpoint"
grep -v '^#' "$figures/demo.tsv" | column -t -s "$(printf '\t')"

say 'The curves:'
show grok-plot "$checkpoint" -o "$figures/demo.svg"
show grok-plot "$checkpoint" -o "$figures/demo.png"
show grok-plot "$checkpoint" --term

# The crossings stand in the last two columns: updates until 99 % of the train and of the test items were right.
grep -v '^#' "$figures/demo.tsv" | awk -F '\t' -v checkpoint="$checkpoint" -v figures="$figures" '
    NR == 1 { next }
    { n++; ratio = $NF == "inf" ? "inf" : $NF / $(NF - 1); good += ratio != "inf" && ratio >= 5 }
    { printf "seed %s: 99 %% of train after %d updates, of test after %s", $2, $(NF - 1), $NF
      printf ratio == "inf" ? " (never)\n" : " (%.1f times as many)\n", ratio }
    END {
        printf "%s: %d of %d runs grokked\n\n", good == n ? "holds" : "does not hold", good, n
        printf "figure      %s/demo.svg, %s/demo.png\n", figures, figures
        printf "numbers     %s/demo.tsv\ncheckpoint  %s\n", figures, checkpoint
        exit good == n ? 0 : 1
    }'
