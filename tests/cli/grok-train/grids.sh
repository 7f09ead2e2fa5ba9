# A grid: --dry-run shows its runs, shards are slices of it, and a run in a grid is the run alone.
small='--fraction 0.6 --d-model 8 --n-head 2 --d-mlp 8 --threads 1 -q'
grid='--prime 5,7 --weight-decay 0,1 --seed 3,4 --steps 30'

# shellcheck disable=SC2086
grok-train $small $grid --dry-run 2> err > table
[ ! -s err ]
grep -v '^#' table > rows
[ "$(head -n 1 rows | tr '\t' ' ')" = "run group seed prime weight_decay parameters train_rows batch_rows steps flops_per_step \
flops memory_bytes time_s" ]
[ "$(tail -n +2 rows | cut -f 1-5,7)" = "$(printf '%s\n' \
    0,0,3,5,0,15 1,0,3,5,1,15 2,0,4,5,0,15 3,0,4,5,1,15 4,1,3,7,0,29 5,1,3,7,1,29 6,1,4,7,0,29 7,1,4,7,1,29 | tr , '\t')" ]

# shellcheck disable=SC2086
grok-train $small $grid -o all.h5
final() { grok-log --runs "$@" | grep -v '^#' | cut -f 1; }
[ "$(final all.h5 | tail -n +2 | sort -n | tr '\n' ' ')" = '0 1 2 3 4 5 6 7 ' ]

# shards: no run twice, none left out, each as in the whole
# shellcheck disable=SC2086
for shard in 1 2 3; do
    grok-train $small $grid --shard $shard/3 -o shard$shard.h5
    final shard$shard.h5 | tail -n +2
done | sort -n | tr '\n' ' ' > runs
[ "$(cat runs)" = '0 1 2 3 4 5 6 7 ' ]

# alone, and among others
# shellcheck disable=SC2086
grok-train $small --prime 7 --weight-decay 1 --seed 4 --steps 30 -o alone.h5
rows() { grok-log "$@" -m train_loss,test_loss,l2_norm | grep -v '^#' | tail -n +2; }
[ "$(rows alone.h5 | rev | cut -f 1-4 | rev)" = "$(rows all.h5 --run 7 | rev | cut -f 1-4 | rev)" ]
