# --likelihood reads exp(-loss) where accuracies are asked for: the same columns, of curves without steps.
. "$TOP/tests/cli/expect.bash"
any=(--task add --prime 7 --fraction 0.7 --d-model 32 --d-mlp 64 --n-head 2 --threads 1 -q)
grok-train "${any[@]}" --learning-rate 0.01 --steps 150 --log-every 5 -o run.h5
cell() { grok-detect "${@:2}" run.h5 | grok-rows --select "$1" - | tail -n 1; }
grok-log -m train_loss,test_loss run.h5 | grep -v '^#' > log.tsv    # run, seed, step, losses
most() { awk -v c="$1" 'NR > 1 { p = exp(-$c); if (p > most) most = p } END { printf "%.7f\n", most }' log.tsv; }
[ "$(printf '%.7f' "$(cell train_acc_max --likelihood)")" = "$(most 4)" ]
[ "$(printf '%.7f' "$(cell test_acc_max --likelihood)")" = "$(most 5)" ]
first=$(awk 'NR > 1 && exp(-$4) >= 0.99 { print $3; exit }' log.tsv)
[ "$(cell step_train_99 --likelihood)" = "$first" ]
[ "$(cell step_train_99)" -lt "$first" ]      # accuracy is there first
[ "$(cell l2_end --likelihood)" = "$(cell l2_end)" ]
fails 2 'two readings of losses' grok-detect --loss --likelihood run.h5
grok-train --task teacher-student --model mlp-ts --steps 3 --threads 1 -q -o reals.h5
fails 2 "the loss of 'reals.h5' is mse" grok-detect --likelihood reals.h5
