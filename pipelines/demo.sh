#!/bin/bash
# demo.sh -- the story of "Investigating grokking phenomena below the critical data regime", small, in about a minute on two
# cores: a teacher groks addition modulo 47; a student of addition modulo 43 that sees too few items only memorises them; the
# same student with the teacher beside it generalises.
#
# Figure: $BUILD/figures/demo.svg and .png; numbers and claims beside them.  Called by `make demo`; needs the tools in PATH.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
figures=${BUILD:-build}/figures
mkdir -p "$figures"
rm -f "$figures"/{teacher,alone,taught}.h5    # of an earlier demo; the tools replace no checkpoint unasked
small='--preset kd --d-model 64 --d-mlp 256 --learning-rate 0.003 --weight-decay 3 --batch full --vocab-prime 47 --seed 0,1'

say() { printf '\n%s\n' "$*"; }
show() {    # show COMMAND...: print it as one would type it, and run it
    printf '$'
    printf ' %s' "${@@Q}" | sed -E "s/'([][A-Za-z0-9_.,:/%+=-]+)'/\1/g"
    printf '\n'
    "$@"
}

say 'A teacher learns addition modulo 47 from 45 % of the table, two seeds at once.  First it knows its items, then all.'
# shellcheck disable=SC2086
show grok-train $small --prime 47 --fraction 0.45 --steps 700 -o "$figures/teacher.h5"

say 'A student gets 33 % of addition modulo 43: too few.  It learns them by heart, and that is all.'
# shellcheck disable=SC2086
show grok-train $small --prime 43 --fraction 0.33 --steps 2000 -o "$figures/alone.h5"

say 'The same student, the same items; and the teacher says at the token "+" what it expects, soft (temperature 8).'
# shellcheck disable=SC2086
show grok-distill --teacher "$figures/teacher.h5" $small --prime 43 --fraction 0.33 --steps 2000 \
    --temperature 8 --kd-weight 0.9 -o "$figures/taught.h5"

say 'The curves:'
runs=(curve=teacher "$figures/teacher.h5" curve=alone "$figures/alone.h5" curve=taught "$figures/taught.h5")
show grok-log -m train_acc,test_acc -o "$figures/demo.tsv" "${runs[@]}"
for format in svg png; do
    show grok-plot "$figures/demo.tsv" --by curve -y train_acc,test_acc --title 'A student below the critical data size' \
        --caption 'teacher: a + b mod 47, 45 % of the items; students: mod 43, 33 %; 2 seeds, median and range' \
        -o "$figures/demo.$format"
done
grok-plot "$figures/demo.tsv" --by curve -y test_acc --term

say 'Do the claims hold?'
grok-detect -o "$figures/demo.runs.tsv" "${runs[@]}"
show grok-claims --claims "$here/demo.claims" -o "$figures/demo.claims.tsv" "$figures/demo.runs.tsv"
holds=0
while IFS=$'\t' read -r verdict says measured; do
    printf '%-12s %s\n%-12s   %s\n' "$verdict" "$says" '' "$measured"
    [ "$verdict" = PASS ] || holds=1
done < <(grok-rows --select verdict,says,measured "$figures/demo.claims.tsv" | tail -n +2)
printf '\nfigure  %s/demo.svg, %s/demo.png\nclaims  %s/demo.claims.tsv\n' "$figures" "$figures" "$figures"
exit "$holds"
