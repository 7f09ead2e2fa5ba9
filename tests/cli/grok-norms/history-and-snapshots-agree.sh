# The norms that were recorded are those of the parameters in the snapshots, in all and tensor by tensor.
. "$TOP/tests/cli/expect.bash"
grok-train --prime 7 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --seed 0,1 --steps 60 --log-every 20 --snapshot-every 20 \
    --threads 1 -q -o run.h5
for each in '' --each; do
    # shellcheck disable=SC2086
    grok-norms --from history $each run.h5 | grep -v '^#' > recorded
    # shellcheck disable=SC2086
    grok-norms --from snapshots $each run.h5 | grep -v '^#' > computed
    [ "$(wc -l < recorded)" = 9 ]
    head -n 1 recorded | cmp - <(head -n 1 computed)
    paste recorded computed | tail -n +2 |
        awk -F '\t' '{ n = NF / 2; for (i = 4; i <= n; i++) if (!(($i - $(i + n)) ^ 2 < 1e-10)) exit 1 }'
done
head -n 1 recorded | grep -q 'norm/embed.weight'
# tags, pipes, figures
grok-norms curve=a run.h5 | head -n 20 | grep -q "^a$(printf '\t')0"
grok-train --prime 7 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --steps 5 -q -o - | grok-norms - | grep -q l2_norm
fails 2 "no checkpoint among the operands: 'curve=a'" grok-norms curve=a
fails 2 "tag 'seed' is a column of the table" grok-norms seed=3 run.h5
grok-train --prime 7 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --steps 5 -q -o bare.h5
fails 1 "'bare.h5' has no snapshots" grok-norms --from snapshots bare.h5
