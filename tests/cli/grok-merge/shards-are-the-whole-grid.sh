# Shards merged are the file of one process, byte for byte in all that was trained: runs that stop early, groups of several
# shapes, splits that differ or are shared, snapshots, filters, what --keep leaves out.
# shellcheck disable=SC2054  # lists of values have commas
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --fraction 0.5 --threads 1 -q)

# alike SHARDS OPTIONS...
alike() {
    local n=$1 i parts=()
    shift
    grok-train "${tiny[@]}" "$@" -o whole.h5
    for i in $(seq "$n"); do
        grok-train "${tiny[@]}" "$@" --shard "$i/$n" -o "part$i.h5"
        [ ! -e "part$i.h5" ] || parts=("part$i.h5" "${parts[@]}")
    done
    grok-merge "${parts[@]}" -o merged.h5
    grok-check merged.h5
    "$BUILD/robust/same" whole.h5 merged.h5 || { echo "differ: $*"; return 1; }
    cmp <(grok-log --runs whole.h5 | grep -v '^#') <(grok-log --runs merged.h5 | grep -v '^#')
    cmp <(grok-log --config whole.h5 | grep -v '^#') <(grok-log --config merged.h5 | grep -v '^#')
    rm ./*.h5
}
alike 3 --seed 0..6 --steps 30
alike 5 --seed 0,1 --weight-decay 0:1:3 --learning-rate 0.003 --steps 400 --stop 'train_acc>=1 for 2' --snapshot-every 100
alike 4 --seed 0..2 --activation relu,gelu --d-mlp 4,8 --steps 10
alike 2 --seed 0..2 --data-seed 3 --fraction 0.3,0.5 --steps 10 --keep params
alike 3 --seed 0..3 --batch half512 --fraction 0.3,0.5 --steps 10
alike 3 --seed 0..4 --ma-lambda 2 --ma-window 3 --optimizer sgd,adamw --steps 8
alike 3 --seed 0..4 --steps 12 --keep metrics --learning-rate 1e30,0.001
alike 9 --seed 0..3 --steps 3 --precision fp64     # more shards than runs: the empty ones are no error
