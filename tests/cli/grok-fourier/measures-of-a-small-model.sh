# Rows per snapshot and for the last parameters; losses as the trainer recorded them; spectra that add up to 1.
small='--preset kd --prime 7 --fraction 0.6 --d-model 16 --n-head 2 --d-mlp 24 --batch full --threads 1 -q'
# shellcheck disable=SC2086
grok-train $small --seed 0,1 --steps 40 --snapshot-every 20 --log-every 20 --precision fp64 -o run.h5
grok-fourier run.h5 > table
[ "$(grep -vc '^#' table)" = 7 ]    # a header, two runs at 0, 20 and 40
[ "$(grep -vc '^#' <(grok-fourier --last run.h5))" = 3 ]
column() { awk -F '\t' -v name="$2" '/^#/ { next } !at { for (at = 1; $at != name; at++) { } next } { print $at }' "$1"; }
# train_loss at 0, 20, 40 of run 0, then of run 1: those of the history
grok-log -m train_loss -r 0 run.h5 > history
paste <(column table train_loss | head -n 3) <(column history train_loss) | awk '{ if (($1 - $2) ^ 2 > 1e-14) exit 1 }'
for spectrum in embedding operator; do
    grok-fourier --spectrum $spectrum --last -o spectrum.tsv run.h5
    [ "$(column spectrum.tsv frequency | head -n 4 | paste -sd ' ')" = '0 1 2 3' ]
    column spectrum.tsv power | head -n 4 | awk '{ sum += $1; if ($1 < -1e-9) exit 1 } END { exit (sum - 1) ^ 2 > 1e-12 }'
done
# no key frequencies: nothing is excluded, and what is restricted is a constant
grok-fourier --last --least 1 --explained 1 -o none.tsv run.h5
[ "$(column none.tsv n_key | head -n 1)" = 0 ]
paste <(column none.tsv train_loss) <(column none.tsv excluded_loss) | awk '{ if ($1 != $2) exit 1 }'
# subtraction, sequences without operator, tags, a pipe
# shellcheck disable=SC2086
grok-train $small --task subtract --sequence eq --steps 5 -o - | grok-fourier curve=minus - | grep -q '^minus'
# both Gini coefficients: of three frequencies, and of seven components
paste <(column none.tsv gini_power) <(column none.tsv gini_norm) |
    awk '$1 <= 0 || $1 > 2 / 3 || $2 <= 0 || $2 > 6 / 7 || $1 == $2 { bad = 1 } END { exit bad || NR == 0 }'
# what was evaluated beside the task that was learnt is none of it: a base's task, which grok-finetune evaluates
grok-finetune --from run.h5 --task subtract --fraction 0.6 --steps 20 --snapshot-every 20 --log-every 20 --precision fp64 \
    --seed 0 --threads 1 -q -o further.h5
grok-fourier --last -o further.tsv further.h5
paste <(column further.tsv train_loss) <(column <(grok-log --final -m p1/train_loss further.h5) p1/train_loss) |
    awk '{ exit NF != 2 || ($1 - $2) ^ 2 > 1e-14 }'
